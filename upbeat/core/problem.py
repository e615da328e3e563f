"""What is wrong with something a person gave us, and what would be right."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """`code` is stable, for tables and tests. `wrong` and `right` are whole sentences for the person."""

    code: str
    wrong: str
    right: str = ""

    @property
    def sentence(self) -> str:
        return f"{self.wrong} {self.right}".strip()

    def __str__(self) -> str:
        return self.sentence
