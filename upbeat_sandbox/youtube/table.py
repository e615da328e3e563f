"""The routes of the Data API; the modules beside this one fill it. What may be sent, and what it costs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from upbeat_sandbox.call import Call
from upbeat_sandbox.routing import Table
from upbeat_sandbox.youtube.answers import refuse
from upbeat_sandbox.youtube.scopes import TO_READ, TO_WRITE

EVERYWHERE = frozenset(
    {"access_token", "alt", "callback", "fields", "key", "oauth_token"}
    | {"prettyPrint", "quotaUser", "uploadType", "upload_protocol", "$.xgafv"}
)
"""Parameters that every method takes."""
REPEATED = frozenset({"part", "id", "type"})
PREFIX = "/youtube/v3"
table = Table()


@dataclass(frozen=True, slots=True)
class Method:
    """What is known of a method beside its route. `parts` empty: it takes no `part`."""

    parts: frozenset[str]
    cost: int
    required: tuple[str, ...]
    filters: tuple[str, ...]
    """Exactly one of these must be given."""


METHODS: dict[tuple[str, str], Method] = {}


def on(
    verb: str,
    path: str,
    *,
    parts: str = "",
    query: str = "",
    filters: str = "",
    required: str = "",
    write: bool = False,
    body: str = "",
) -> Callable[[Callable[[Call], Any]], Callable[[Call], Any]]:
    """Decorator: `@on("GET", "/videos", parts="id snippet", filters="id chart", query="maxResults")`."""
    known = frozenset(f"{query} {filters} {required} {'part' if parts else ''}".split()) | EVERYWHERE
    needed = (*(("part",) if parts else ()), *required.split())
    method = Method(frozenset(parts.split()), 50 if write else 1, needed, tuple(filters.split()))
    METHODS[verb, PREFIX + path] = method
    scopes = " ".join(TO_WRITE if write else TO_READ)
    return table.on(verb, PREFIX + path, query=" ".join(known), scopes=scopes, body=body, user=write)


def values(call: Call, name: str) -> list[str]:
    """A parameter that may be given several times, or as a comma list."""
    given = [value for key, value in parse_qsl(call.query_string, keep_blank_values=True) if key == name]
    return [one.strip() for value in given for one in value.split(",") if one.strip()]


def check(call: Call, verb: str, template: str) -> None:
    """400 unless every parameter is known, the required ones are there, the parts exist and one filter is given."""
    method = METHODS[verb, template]
    for name in REPEATED:
        note = f"query parameter {name} given twice"
        if note in call.wrong:
            call.wrong.remove(note)
    for name in method.required:
        if not call.query.get(name):
            words = f"Required parameter: {name}"
            raise refuse(400, "missingRequiredParameter", words, domain="youtube.parameter", location=name)
    for part in values(call, "part") if method.parts else ():
        if part not in method.parts:
            raise refuse(400, "unknownPart", f"'{part}'", domain="youtube.part", location="part")
    chosen = [name for name in method.filters if call.query.get(name, "") not in ("", "false")]
    if method.filters and len(chosen) != 1:
        which = "No filter selected" if not chosen else "Incompatible parameters specified in the request"
        reason = "missingRequiredParameter" if not chosen else "incompatibleParameters"
        words = f"{which}. Expected one of: {', '.join(method.filters)}"
        location = "parameters." if not chosen else ", ".join(chosen)
        raise refuse(400, reason, words, domain="youtube.parameter", location=location, kind="other")


def parts(call: Call) -> set[str]:
    """The parts that were asked for."""
    return set(values(call, "part"))


def flag(call: Call, name: str) -> bool:
    return call.query.get(name, "").lower() == "true"
