"""A request to the control API as data, and the table its modules fill."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from upbeat_sandbox.routing import H, Table
from upbeat_sandbox.world import Service, World

table = Table()
DESCRIBED: list[tuple[str, str, str]] = []


class Wrong(Exception):  # noqa: N818  (the asker's, not ours)
    """The request cannot be done; the words go back with the status."""

    def __init__(self, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.status = status


@dataclass(slots=True)
class Ask:
    """One request: `data` is the JSON body (an empty object if none came)."""

    world: World
    origin: str
    query: dict[str, str]
    data: dict[str, Any]
    values: dict[str, str] = field(default_factory=dict)
    fresh_world: bool = False

    def service(self, name: object) -> Service:
        if not isinstance(name, str) or name not in self.world.services:
            raise Wrong(f"service is one of {', '.join(self.world.services)}, not {name!r}")
        return self.world.services[name]

    def only(self, *names: str) -> dict[str, Any]:
        """The body, if it has no other fields than these."""
        unknown = set(self.data) - set(names)
        if unknown:
            raise Wrong(f"{min(unknown)!r} is not a field here; known are {', '.join(names)}")
        return self.data


def on(method: str, path: str, query: str, meaning: str) -> Callable[[H], H]:
    """Decorator: registers a handler and its line in the description."""
    DESCRIBED.append((method, f"/_control{path}", meaning))
    return table.on(method, f"/_control{path}", query=query)


def whole(value: object, name: str, least: int, most: int) -> int:
    """A whole number within bounds, from JSON or from a query."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Wrong(f"{name} is a whole number from {least} to {most}")
    return value


def texts(value: object, name: str) -> list[str]:
    """A list of texts, none of them empty."""
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise Wrong(f"{name} is a list of texts")
    return value
