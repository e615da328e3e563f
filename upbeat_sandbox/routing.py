"""A table of routes, found by the shape of the path rather than by trying patterns one after another."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import unquote

Handler = Callable[[Any], Any]
H = TypeVar("H", bound=Handler)


@dataclass(frozen=True, slots=True)
class Route:
    """A handler with what is known about the call beforehand.

    `query` and `body` say what may be sent (anything else is noted in the ledger), `scopes` which permission is
    needed (any one of them), `user` whether a fan must stand behind the token, `deprecated` whether the service
    refuses it to applications in development mode.
    """

    method: str
    template: str
    handler: Handler
    query: frozenset[str] = frozenset()
    body: str = ""  # "", "json" or "jpeg"
    scopes: tuple[str, ...] = ()
    user: bool = False
    deprecated: bool = False


class Table:
    """Routes of one host. A fixed segment wins over a placeholder."""

    def __init__(self) -> None:
        self._tree: dict[str, Any] = {}

    def on(
        self,
        method: str,
        template: str,
        *,
        query: str = "",
        body: str = "",
        scopes: str = "",
        user: bool = False,
        deprecated: bool = False,
    ) -> Callable[[H], H]:
        """Decorator: `@table.on("GET", "/v1/albums/{id}", query="market")`; several words in one text."""

        def register(handler: H) -> H:
            known, wanted = frozenset(query.split()), tuple(scopes.split())
            self._add(Route(method, template, handler, known, body, wanted, user, deprecated))
            return handler

        return register

    def _add(self, route: Route) -> None:
        node = self._tree
        for segment in route.template.strip("/").split("/"):
            node = node.setdefault("{}" if segment.startswith("{") else segment, {})
        node.setdefault("/", {})[route.method] = route

    def match(self, path: str) -> tuple[dict[str, Route], list[str]] | None:
        """The routes of this path by method, with the values at the placeholders; None if nobody lives there."""
        node, values = self._tree, []
        for segment in path.strip("/").split("/"):
            if segment in node and segment not in ("/", "{}"):
                node = node[segment]
            elif "{}" in node and segment:
                node = node["{}"]
                values.append(unquote(segment))
            else:
                return None
        return (node["/"], values) if "/" in node else None


def placeholder_values(route: Route, values: list[str]) -> dict[str, str]:
    names = [part[1:-1] for part in route.template.split("/") if part.startswith("{")]
    return dict(zip(names, values, strict=True))
