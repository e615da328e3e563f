"""A call to a service and its answer, as plain data; no service rule lives here."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from upbeat_sandbox.grants import AccessToken
    from upbeat_sandbox.people import Account
    from upbeat_sandbox.world import Service, World


@dataclass(slots=True)
class Reply:
    """What goes back: a status, a body as bytes, and headers besides the content type."""

    status: int = 200
    body: bytes = b""
    media_type: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


class Refusal(Exception):  # noqa: N818  (what the service says, no error of ours)
    """Stops the handling of a call with this reply."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


@dataclass(slots=True)
class Call:
    """One request. `path` is the path on the real host; `host` says which host the prefix stands in for."""

    world: "World"
    service: "Service"
    host: str
    method: str
    path: str
    query_string: str
    headers: dict[str, str]
    body: bytes
    origin: str
    now: datetime
    query: dict[str, str] = field(default_factory=dict)
    path_values: dict[str, str] = field(default_factory=dict)
    token: "AccessToken | None" = None
    wrong: list[str] = field(default_factory=list)
    error: str = ""
    client_id: str = ""
    fan: "Account | None" = None  # who it is about where there is no access token yet

    def __post_init__(self) -> None:
        for name, value in parse_qsl(self.query_string, keep_blank_values=True):
            if name in self.query:
                self.note(f"query parameter {name} given twice")
            else:
                self.query[name] = value

    @property
    def account(self) -> "Account":
        """The fan whose token this is; only asked for where the gate has made sure that there is one."""
        assert self.token is not None and self.token.account is not None
        return self.token.account

    def about(self) -> "Account | None":
        """The fan this call is for or about, if that is known."""
        return self.token.account if self.token is not None else self.fan

    def note(self, what: str) -> None:
        """Remembers something the caller did wrong, whether or not the service minds."""
        if what not in self.wrong:
            self.wrong.append(what)

    def content_type(self) -> str:
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    def form(self) -> dict[str, str]:
        """The body as a form; a field given twice is noted and its first value counts."""
        fields: dict[str, str] = {}
        for name, value in parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True):
            if name in fields:
                self.note(f"form field {name} given twice")
            else:
                fields[name] = value
        return fields


def as_json(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return Reply(status, body, "application/json; charset=utf-8", headers or {})


def as_text(text: str, status: int = 200, media_type: str = "text/plain; charset=utf-8") -> Reply:
    return Reply(status, text.encode(), media_type)


def as_html(text: str, status: int = 200) -> Reply:
    return Reply(status, text.encode(), "text/html; charset=utf-8", {"Cache-Control": "no-store"})


def redirect(url: str) -> Reply:
    return Reply(302, b"", None, {"Location": url, "Cache-Control": "no-store"})
