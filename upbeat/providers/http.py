"""The one door to the network: time-outs, a size cap, no redirects, no private addresses, nothing secret in a message.

A service's answer is an `Answer`, whatever its status. A network that fails is an `Outcome` LATER "network". Nothing
here logs, and no note holds more of an address than its host, because Deezer's tokens travel in the query.
"""

import asyncio
import json
import socket
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from upbeat.core.addresses import is_public
from upbeat.core.outcome import Outcome, later

_TIMEOUT = aiohttp.ClientTimeout(total=20, sock_connect=5)
_MOST_CONNECTIONS = 300
"""To one service. More calls than that wait for each other; another service's do not."""
_MOST_BYTES = 2_000_000
_MOST_IMAGE_BYTES = 20_000_000
_QUICK_SECONDS = 4.0
"""An answer that takes longer says too little about the time."""
_FRESH_SECONDS = 1.0
_clocks: dict[str, tuple[float, float]] = {}
"""By service: how far its clock is ahead, and when that was noted."""
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_USER_AGENT = "Upbeat/1 (self-hosted pre-saves)"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `json` is the parsed body, whatever its content type says; None where it is no JSON."""

    status: int
    headers: Mapping[str, str]
    """To be asked with names in lower case."""
    body: bytes
    json: Any = field(init=False, repr=False)

    def __post_init__(self) -> None:
        try:
            parsed = json.loads(self.body) if self.body else None
        except (ValueError, RecursionError):
            parsed = None
        object.__setattr__(self, "json", parsed)

    @property
    def text(self) -> str:
        """The beginning of the body, for looking for words in it."""
        return self.body[:2000].decode(errors="replace")


class _PublicOnly(aiohttp.ThreadedResolver):
    """Resolves names, and finds nothing where a name leads into a private network (DNS rebinding included)."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await super().resolve(host, port, family)
        if any(not is_public(ip_address(one["host"])) for one in found):
            raise OSError(None, "not on the open internet")
        return found


_sessions: WeakKeyDictionary[asyncio.AbstractEventLoop, dict["Door", aiohttp.ClientSession]] = (
    WeakKeyDictionary()
)


def _session(door: "Door") -> aiohttp.ClientSession:
    """The event loop's own session for a service: connections are kept alive, and one service's silence does not use
    up the others'."""
    mine = _sessions.setdefault(asyncio.get_running_loop(), {})
    session = mine.get(door)
    if session is None or session.closed:
        resolver: AbstractResolver = aiohttp.ThreadedResolver() if door.allow_private else _PublicOnly()
        session = mine[door] = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=_MOST_CONNECTIONS, resolver=resolver, ttl_dns_cache=60),
            timeout=_TIMEOUT,
            cookie_jar=aiohttp.DummyCookieJar(),  # one fan's cookies must never meet another's token
            headers={"User-Agent": _USER_AGENT},
        )
    return session


async def close() -> None:
    """Close the running event loop's connections. A later call opens new ones."""
    for session in _sessions.pop(asyncio.get_running_loop(), {}).values():
        await session.close()


@dataclass(frozen=True, slots=True)
class Door:
    """The way to one service. `allow_private` is for the sandbox only."""

    label: str
    allow_private: bool = False

    async def ask(
        self,
        method: str,
        url: str,
        *,
        query: Mapping[str, str | Sequence[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        content: Any = None,
        body: bytes | None = None,
        most_bytes: int = _MOST_BYTES,
    ) -> Answer | Outcome:
        """One call. `form` is sent form-encoded, `content` as JSON, `body` as it is; a name in `query` may have several
        values.

        Never raises for what a network may do.
        """
        where = URL(url)
        if not self.allow_private and not _may_be_public(where):
            return later("network", f"{self.label}'s address is not on the open internet.")
        if query:
            where = where.update_query(query)
        data = body
        if form is not None:
            data, headers = urlencode(form).encode(), {**_FORM, **(headers or {})}
        session, asked = _session(self), time.time()
        sent = session.request(method, where, headers=headers, data=data, json=content, allow_redirects=False)
        try:
            async with sent as response:
                _note_clock(self.label, response.headers, asked)
                return Answer(response.status, response.headers, await _read(response, most_bytes))
        except TimeoutError:
            return later("network", f"{self.label} took too long to answer.")
        except _TooLargeError:
            return later("unreadable", f"{self.label} sent more than we read.")
        except (aiohttp.ClientError, OSError):
            return later("network", f"{self.label} could not be reached.")

    async def leads_to(self, url: str) -> str | Outcome:
        """Where an address sends whoever opens it, as it says so; "" where it sends nobody on. One call, and nothing
        of the body is read."""
        where = URL(url)
        if not self.allow_private and not _may_be_public(where):
            return later("network", f"{self.label}'s address is not on the open internet.")
        try:
            async with _session(self).get(where, allow_redirects=False) as response:
                return response.headers.get("location", "") if 300 <= response.status < 400 else ""
        except TimeoutError:
            return later("network", f"{self.label} took too long to answer.")
        except (aiohttp.ClientError, OSError):
            return later("network", f"{self.label} could not be reached.")

    @property
    def clock_difference(self) -> float | None:
        """How far the service's clock is ahead of this machine's, in seconds, by the `Date` of a recent answer; None
        where there is none. Good to a second."""
        noted = _clocks.get(self.label)
        return None if noted is None else noted[0]

    async def fetch_image(self, url: str) -> bytes | Outcome:
        """A picture's bytes, 20 MB at the most. What they are is the caller's to check."""
        try:
            answer = await self.ask("GET", url, most_bytes=_MOST_IMAGE_BYTES)
        except ValueError:
            return later("network", "The picture's address is not a web address.")
        if isinstance(answer, Outcome):
            return answer
        if answer.status != 200:
            return later("service_error", f"{self.label} did not give the picture.", status=answer.status)
        return answer.body


def _note_clock(label: str, said: Mapping[str, str], asked: float) -> None:
    """A `Date` is the whole second in which the answer was made, somewhere between asking and hearing."""
    heard = time.time()
    if heard - asked > _QUICK_SECONDS or 0 <= heard - _clocks.get(label, (0.0, 0.0))[1] < _FRESH_SECONDS:
        return
    with suppress(KeyError, ValueError, TypeError):
        made = parsedate_to_datetime(said["date"]).timestamp() + int(said.get("age", "0"))
        _clocks[label] = (made + 0.5 - (asked + heard) / 2, heard)


class _TooLargeError(Exception):
    """The body is longer than we read."""


async def _read(response: aiohttp.ClientResponse, most_bytes: int) -> bytes:
    if (response.content_length or 0) > most_bytes:
        raise _TooLargeError
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > most_bytes:
            raise _TooLargeError
    return bytes(body)


def _may_be_public(url: URL) -> bool:
    """Whether the address may be asked as it is written; a name is judged again once it is resolved."""
    if url.scheme not in ("http", "https") or not url.host:
        return False
    try:
        return is_public(ip_address(url.host))
    except ValueError:
        return True
