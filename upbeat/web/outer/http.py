"""A request and an answer, as the outer app knows them."""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from functools import cached_property
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Header = tuple[bytes, bytes]

MOST_BODY = 64 * 1024
"""The largest form of a fan is a few hundred bytes."""


class BadRequestError(Exception):
    """What came cannot be read. The message is a sentence for a person; `status` a 4xx."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


class Request:
    """One HTTP request. Header names are lower case."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.scope = scope
        self._receive = receive
        self._body, self._whole = bytearray(), False
        self.method: str = scope["method"]
        self.path: str = scope["path"]

    @cached_property
    def headers(self) -> dict[str, str]:
        return {name.decode("latin-1"): value.decode("latin-1") for name, value in self.scope["headers"]}

    @cached_property
    def query(self) -> dict[str, str]:
        """The first value of each name."""
        text = self.scope["query_string"].decode("latin-1")
        return {name: values[0] for name, values in _parsed(text).items()}

    @property
    def said_once(self) -> dict[str, str]:
        """The query without what it says more than once: of two codes nobody knows which is the service's."""
        text = self.scope["query_string"].decode("latin-1")
        return {name: values[0] for name, values in _parsed(text).items() if len(values) == 1}

    @cached_property
    def cookies(self) -> dict[str, str]:
        return read_cookies(self.headers.get("cookie", ""))

    @cached_property
    def visitor(self) -> str:
        """Where it comes from: an address, of IPv6 the network a household has. Behind a proxy, what that one says."""
        said = self.headers.get("x-forwarded-for", "") if settings.SECURE_PROXY_SSL_HEADER else ""
        client = self.scope.get("client") or ("", 0)
        try:
            address = ip_address(said.rpartition(",")[2].strip() or client[0])
        except ValueError:
            return ""
        return str(address if address.version == 4 else ip_network((address, 64), strict=False))

    async def body(self, most: int) -> bytes:
        """All of it. Raises `BadRequestError` where it has more than `most` bytes, as soon as that is known."""
        said = self.headers.get("content-length", "")
        _check_size(int(said[:20]) if said.isdecimal() else 0, most)
        while not self._whole:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise BadRequestError("The form did not arrive whole.")
            self._body += message.get("body", b"")
            _check_size(len(self._body), most)
            self._whole = not message.get("more_body", False)
        return bytes(self._body)

    async def written(self, most: int) -> bytes:
        """The body of a plain HTML form. Raises `BadRequestError` for any other, one too large, or one with a NUL."""
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            raise BadRequestError("This address takes the page's own form.", 415)
        body = await self.body(most)
        if b"\0" in body or b"%00" in body:
            raise BadRequestError("This form has a sign that belongs in no text. Type it anew and try again.")
        return body

    async def form(self) -> dict[str, list[str]]:
        """The fields of a fan's form. Raises `BadRequestError` as `written` does."""
        return _parsed((await self.written(MOST_BODY)).decode("utf-8", errors="replace"))


@dataclass(slots=True)
class Answer:
    """What goes back. Security headers are put in on the way out (`web.security`), unless they are set here.

    `guarded`: all of them are among the headers already.
    """

    status: int
    body: bytes = b""
    headers: list[Header] = field(default_factory=list)
    guarded: bool = False

    def with_header(self, name: str, value: str) -> "Answer":
        self.headers.append((name.encode("latin-1"), value.encode("latin-1")))
        return self


def html(body: str | bytes, *, status: int = 200, csp: str = "", cache: str = "no-store") -> Answer:
    data = body.encode() if isinstance(body, str) else body
    answer = Answer(status, data).with_header("content-type", "text/html; charset=utf-8")
    if csp:
        answer.with_header("content-security-policy", csp)
    return answer.with_header("cache-control", cache)


def see_other(url: str) -> Answer:
    """Go there with GET: the only redirect after a form (never 307 or 308)."""
    return Answer(303).with_header("location", url).with_header("cache-control", "no-store")


def read_cookies(text: str) -> dict[str, str]:
    """The cookies of a Cookie header. A broken one is as if it were not there."""
    cookies: dict[str, str] = {}
    for part in text.split(";"):
        try:
            cookies.update({name: morsel.value for name, morsel in SimpleCookie(part.strip()).items()})
        except CookieError:
            continue
    return cookies


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise BadRequestError("This form is too large.", 413)


def _parsed(text: str) -> dict[str, list[str]]:
    try:
        return parse_qs(text, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        raise BadRequestError("This has too many fields.") from None


async def send_answer(answer: Answer, send: Send, *, head: bool = False) -> None:
    """Send it whole. `head`: the same without its body."""
    size = str(len(answer.body)).encode()
    headers = [*answer.headers]
    if answer.status not in (204, 304):
        headers.append((b"content-length", size))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else answer.body})
