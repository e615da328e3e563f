"""An answer that does not hold: what was typed, what is wrong with it, and what one tap would put right."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from upbeat.core.problem import Problem


@dataclass(frozen=True, slots=True)
class Remedy:
    """A button: `label` ("Use 03:00") sends `values` for the question's fields."""

    label: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Trouble:
    """The problem, the field it stands at, and the remedies."""

    problem: Problem
    at: str
    remedies: tuple[Remedy, ...] = ()

    def as_kept(self, typed: Mapping[str, str]) -> dict[str, Any]:
        """The entry in `Campaign.unsettled`: what was typed stays until it is put right."""
        return {
            "values": dict(typed),
            "at": self.at,
            "code": self.problem.code,
            "wrong": self.problem.wrong,
            "right": self.problem.right,
            "remedies": [{"label": one.label, "values": dict(one.values)} for one in self.remedies],
        }
