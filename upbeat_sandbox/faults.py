"""Bad days on order: rules that say which calls go wrong, how often, and how."""

import random
import re
from dataclasses import dataclass, field
from typing import Any

KINDS = {
    "rate_limit": {"retry_after", "body", "reason"},
    "error": {"status", "when", "body", "message"},
    "drop": {"when"},
    "delay": {"seconds"},
    "unauthorized": {"message"},
    "forbidden": {"message", "body"},
    "invalid_grant": {"message"},
    "garble": {"body"},
    "forgetful": {"seconds"},
    "deezer_error": {"code", "message"},
}
MATCHERS = ("service", "host", "path", "method", "user", "client_id")


@dataclass(eq=False, slots=True)
class Rule:
    """One ordered fault. It skips the first `after` matching calls and fires at most `times` times."""

    id: str
    match: dict[str, str]
    kind: str
    detail: dict[str, Any]
    times: int | None = None
    after: int = 0
    probability: float = 1.0
    seed: int = 1
    seen: int = 0
    fired: int = 0
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def strikes(self, facts: dict[str, set[str]]) -> bool:
        """Whether this call goes wrong; counts it if it matches."""
        if not self._matches(facts):
            return False
        self.seen += 1
        if self.seen <= self.after or (self.times is not None and self.fired >= self.times):
            return False
        if self.probability < 1 and self.dice.random() >= self.probability:
            return False
        self.fired += 1
        return True

    def _matches(self, facts: dict[str, set[str]]) -> bool:
        for name, wanted in self.match.items():
            if name == "path":
                if not any(re.search(wanted, path) for path in facts["path"]):
                    return False
            elif wanted.casefold() not in facts[name]:
                return False
        return True

    def as_dict(self) -> dict[str, Any]:
        names = ("id", "match", "times", "after", "probability", "seed", "seen", "fired")
        return {name: getattr(self, name) for name in names} | {"effect": {"kind": self.kind} | self.detail}


class Faults:
    """The rules in force, tried in the order they were made; the first that strikes decides."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self._made = 0

    def add(self, wanted: dict[str, Any]) -> Rule:
        """Makes a rule from a control request; ValueError says what is wrong with it."""
        unknown = set(wanted) - {"match", "effect", "times", "after", "probability", "seed"}
        if unknown:
            raise ValueError(f"a fault has no field {min(unknown)!r}")
        match, effect = wanted.get("match", {}), wanted.get("effect")
        check_match(match)
        check_effect(effect)
        assert isinstance(effect, dict)
        self._made += 1
        detail = {name: value for name, value in effect.items() if name != "kind"}
        rule = Rule(f"fault-{self._made}", match, effect["kind"], detail, **counts(wanted))
        self.rules.append(rule)
        return rule

    def strike(self, facts: dict[str, set[str]]) -> Rule | None:
        return next((rule for rule in self.rules if rule.strikes(facts)), None)

    def remove(self, rule_id: str) -> bool:
        before = len(self.rules)
        self.rules = [rule for rule in self.rules if rule.id != rule_id]
        return len(self.rules) < before


def check_match(match: object) -> None:
    if not isinstance(match, dict) or not all(isinstance(value, str) for value in match.values()):
        raise ValueError(
            'match is an object of texts, such as {"service": "spotify", "path": "^/v1/me/library"}'
        )
    unknown = set(match) - set(MATCHERS)
    if unknown:
        raise ValueError(f"match has no field {min(unknown)!r}; it knows {', '.join(MATCHERS)}")
    try:
        re.compile(match.get("path", ""))
    except re.error as problem:
        raise ValueError(f"match.path is not a regular expression: {problem}") from None


def check_effect(effect: object) -> None:
    if not isinstance(effect, dict) or effect.get("kind") not in list(KINDS):
        raise ValueError(f"effect.kind is one of {', '.join(KINDS)}")
    unknown = set(effect) - {"kind"} - KINDS[effect["kind"]]
    if unknown:
        raise ValueError(f"effect {effect['kind']} has no field {min(unknown)!r}")
    if effect.get("when", "before") not in ("before", "after"):
        raise ValueError("effect.when is before or after")
    for name in ("seconds", "retry_after", "status", "code"):
        value = effect.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise ValueError(f"effect.{name} is a number, zero or more")
    if not 400 <= effect.get("status", 500) <= 599:
        raise ValueError("effect.status is between 400 and 599")


def counts(wanted: dict[str, Any]) -> dict[str, Any]:
    """`times`, `after`, `probability` and `seed`, checked."""
    found = {
        name: wanted[name]
        for name in ("times", "after", "probability", "seed")
        if wanted.get(name) is not None
    }
    for name, value in found.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise ValueError(f"{name} is a number, zero or more")
        if name != "probability" and value != int(value):
            raise ValueError(f"{name} is a whole number")
    if found.get("probability", 1) > 1:
        raise ValueError("probability is between 0 and 1")
    return found
