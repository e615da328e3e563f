"""A fan page is bytes, made once per campaign version, phase of the clock and language, and kept in the process.

Nothing here waits for the database: a page that is not there yet is rendered in a thread, once for all who ask; views
and clicks are added up in memory (`clicks.counter`). A fan with a receipt for the campaign gets the personal page.
"""

import asyncio
import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.conf import settings

from upbeat import clock
from upbeat.clicks.counter import count
from upbeat.clicks.crawlers import is_crawler
from upbeat.clicks.models import HourlyCount
from upbeat.core.release_clock import Phase
from upbeat.web import security
from upbeat.web.directory import Directory, Entry
from upbeat.web.fan.cookies import receipt_name
from upbeat.web.outer.http import Answer, Header, Scope
from upbeat.web.outer.threads import in_thread

LONGEST = 60
"""Seconds a cache may keep a page: a change of the campaign shows within a minute wherever the page is kept."""
AHEAD = timedelta(seconds=30)
"""How long before the instant the next page is made, so that nobody waits for it."""
MOST_PAGES = 2_000

Way = tuple[str, str, str]
"""Where a click goes, what it counts as, and for whom."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as the renderer gives it: its bytes, the hashes of its styles, and where its clicks go by path."""

    body: bytes
    styles: tuple[str, ...]
    ways: dict[str, Way]


@dataclass(frozen=True, slots=True)
class Page:
    """A page ready to be sent, and the version, language and day it was made of."""

    made_of: tuple[int, str, date]
    etag: bytes
    plain: bytes
    zipped: bytes
    always: tuple[Header, ...]
    ways: dict[str, Way]


class FastPath:
    """Answers fan pages and their clicks. `render` is called in a thread."""

    def __init__(self, directory: Directory, render: Callable[[int, Phase], Rendered]) -> None:
        self._directory = directory
        self._render = render
        self._pages: dict[tuple[int, Phase], Page] = {}
        self._being_made: dict[tuple[int, Phase, int], asyncio.Task[Page]] = {}

    async def answer(self, scope: Scope) -> Answer | None:
        """The answer, or None where somebody else knows more."""
        slug, _, way = scope["path"][1:].partition("/")
        entry = self._directory.find(slug)
        if entry is None or scope["method"] not in ("GET", "HEAD"):
            return None
        if way:
            return await self._click(entry, way, scope) if way.startswith(("to/", "play/")) else None
        return await self._view(entry, scope)

    async def _view(self, entry: Entry, scope: Scope) -> Answer | None:
        wanted = _wanted(scope)
        if receipt_name(entry.id).encode() + b"=" in wanted.get(b"cookie", b""):
            return None
        now = clock.cached_now()
        page = await self._page(entry, entry.phase(now))
        if scope["method"] == "GET":
            _count(entry, HourlyCount.VIEW, "", wanted, now)
        kept = (b"cache-control", caching(entry.opens_at, now).encode())
        if page.etag in wanted.get(b"if-none-match", b""):
            return Answer(304, b"", [kept, *page.always])
        headers = [kept, (b"content-type", b"text/html; charset=utf-8"), *page.always]
        if b"gzip" in wanted.get(b"accept-encoding", b""):
            return Answer(200, page.zipped, [(b"content-encoding", b"gzip"), *headers])
        return Answer(200, page.plain, headers)

    async def _click(self, entry: Entry, path: str, scope: Scope) -> Answer | None:
        now = clock.cached_now()
        way = (await self._page(entry, entry.phase(now))).ways.get(path)
        if way is None:
            return None
        url, what, subject = way
        if scope["method"] == "GET":
            _count(entry, what, subject, _wanted(scope), now)
        return Answer(302).with_header("location", url).with_header("cache-control", "no-store")

    async def _page(self, entry: Entry, phase: Phase) -> Page:
        page = self._pages.get((entry.id, phase))
        if page is not None and page.made_of == _made_of(entry):
            return page
        key = (entry.id, phase, entry.version)
        task = self._being_made.get(key)
        if task is None:
            task = self._being_made[key] = asyncio.create_task(self._make(entry, phase))
            task.add_done_callback(lambda _: self._being_made.pop(key, None))
        return await asyncio.shield(task)

    async def _make(self, entry: Entry, phase: Phase) -> Page:
        page = _ready(entry, await in_thread(self._render, entry.id, phase))
        while len(self._pages) >= MOST_PAGES:
            self._pages.pop(next(iter(self._pages)))
        self._pages[(entry.id, phase)] = page
        return page

    async def make_ahead(self) -> None:
        """Make the pages of the releases that are about to come out."""
        now = clock.cached_now()
        for entry in self._directory.opening_between(now, now + AHEAD):
            await self._page(entry, Phase.OUT)


def caching(opens_at: datetime, now: datetime) -> str:
    """The Cache-Control of a page at `now`: never past the release instant, so no cache in front shows the wrong one.

    Where the clock can be moved (sandbox mode) the instant may come at any time: then a cache has to ask each time.
    """
    seconds = 0 if settings.SANDBOX else LONGEST
    if opens_at > now:
        seconds = min(seconds, int((opens_at - now).total_seconds()))
    return f"public, max-age={seconds}, must-revalidate"


def _made_of(entry: Entry) -> tuple[int, str, date]:
    """What a page depends on besides its phase. The day: a permission that dies before a far release is not offered."""
    return entry.version, entry.language, clock.cached_now().date()


def _ready(entry: Entry, rendered: Rendered) -> Page:
    etag = f'W/"{hashlib.sha256(rendered.body).hexdigest()[:24]}"'.encode()
    own = [(b"vary", b"Accept-Encoding, Cookie"), (b"etag", etag)]
    return Page(
        made_of=_made_of(entry),
        etag=etag,
        plain=rendered.body,
        zipped=gzip.compress(rendered.body, 9, mtime=0),
        always=tuple(security.protected(own, csp=security.fan_csp(rendered.styles))),
        ways=rendered.ways,
    )


def _wanted(scope: Scope) -> dict[bytes, bytes]:
    return dict(scope["headers"])


def _count(entry: Entry, what: str, subject: str, wanted: dict[bytes, bytes], now: datetime) -> None:
    count(entry.id, what, subject, crawler=_crawls(wanted.get(b"user-agent", b"")), now=now)


@lru_cache(maxsize=4096)
def _crawls(user_agent: bytes) -> bool:
    return is_crawler(user_agent.decode("latin-1"))
