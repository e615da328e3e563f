"""A fan page is bytes, made once per campaign version, face (phase of the clock) and language, and kept in the process.

Nothing here waits for the database: a page that is not there yet is rendered in a thread, once for all who ask; views
and clicks are added up in memory (`clicks.counter`). A fan with a receipt for the campaign gets the personal page.
"""

import asyncio
import gzip
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.conf import settings

from upbeat import clock
from upbeat.clicks.counter import count
from upbeat.clicks.crawlers import is_crawler
from upbeat.clicks.models import HourlyCount
from upbeat.web import security
from upbeat.web.directory import Directory, Entry, Face
from upbeat.web.fan.cookies import receipt_name, zone_in_header
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
    receipt: bytes
    """The start of the cookie of a fan with a receipt: their page is another one."""
    etag: bytes
    plain: bytes
    zipped: bytes
    always: tuple[Header, ...]
    """The headers of a 304; those of the plain and the zipped bytes have more."""
    of_plain: tuple[Header, ...]
    of_zipped: tuple[Header, ...]
    ways: dict[str, Way]


class FastPath:
    """Answers fan pages and their clicks. `render` is called in a thread."""

    def __init__(self, directory: Directory, render: Callable[[int, Face], Rendered]) -> None:
        self._directory = directory
        self._render = render
        self._pages: dict[tuple[int, Face], Page] = {}
        self._being_made: dict[tuple[int, Face, int], asyncio.Task[Page]] = {}

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
        wanted = dict(scope["headers"])
        now = clock.cached_now()
        page = await self._page(entry, _face(entry, wanted, now), now)
        if page.receipt in wanted.get(b"cookie", b""):
            return None
        if scope["method"] == "GET":
            count(entry.id, HourlyCount.VIEW, crawler=_crawls(wanted.get(b"user-agent", b"")), now=now)
        kept = (b"cache-control", caching(entry, now))
        if page.etag in wanted.get(b"if-none-match", b""):
            return Answer(304, b"", [kept, *page.always], guarded=True)
        if b"gzip" in wanted.get(b"accept-encoding", b""):
            return Answer(200, page.zipped, [kept, *page.of_zipped], guarded=True)
        return Answer(200, page.plain, [kept, *page.of_plain], guarded=True)

    async def _click(self, entry: Entry, path: str, scope: Scope) -> Answer | None:
        now, wanted = clock.cached_now(), dict(scope["headers"])
        way = (await self._page(entry, _face(entry, wanted, now), now)).ways.get(path)
        if way is None:
            return None
        url, what, subject = way
        if scope["method"] == "GET":
            crawler = _crawls(wanted.get(b"user-agent", b""))
            count(entry.id, what, subject, crawler=crawler, now=now)
        return Answer(302).with_header("location", url).with_header("cache-control", "no-store")

    async def _page(self, entry: Entry, face: Face, now: datetime) -> Page:
        page = self._pages.get((entry.id, face))
        if page is not None and page.made_of == _made_of(entry, now):
            return page
        key = (entry.id, face, entry.version)
        task = self._being_made.get(key)
        if task is None:
            task = self._being_made[key] = asyncio.create_task(self._make(entry, face, now))
            task.add_done_callback(lambda _: self._being_made.pop(key, None))
        return await asyncio.shield(task)

    async def _make(self, entry: Entry, face: Face, now: datetime) -> Page:
        page = _ready(entry, await in_thread(self._render, entry.id, face), now)
        while len(self._pages) >= MOST_PAGES:
            self._pages.pop(next(iter(self._pages)))
        self._pages[(entry.id, face)] = page
        return page

    async def make_ahead(self) -> None:
        """Make the pages of the releases that are about to come out."""
        now = clock.cached_now()
        for entry in self._directory.all():
            for face in entry.faces_from(now, now + AHEAD):
                await self._page(entry, face, now)


def caching(entry: Entry, now: datetime) -> bytes:
    """The Cache-Control of a page at `now`: never past the release instant, so no cache in front shows the wrong one.

    While a local release is out for some only, each visitor's clock decides, and no cache. Where the clock can be
    moved (sandbox mode) the instant may come at any time: then a cache has to ask each time.
    """
    if entry.is_mixed(now):
        return b"private, no-cache"
    seconds = 0 if settings.SANDBOX else LONGEST
    if entry.opens_at > now:
        seconds = min(seconds, int((entry.opens_at - now).total_seconds()))
    return b"public, max-age=%d, must-revalidate" % seconds


def _face(entry: Entry, headers: Mapping[bytes, bytes], now: datetime) -> Face:
    """The page for who sent these headers."""
    return entry.face(now, zone_in_header(headers.get(b"cookie", b"")) if entry.local else "")


def _made_of(entry: Entry, now: datetime) -> tuple[int, str, date]:
    """What a page depends on besides its phase. The day: a permission that dies before a far release is not offered."""
    return entry.version, entry.language, now.date()


def _ready(entry: Entry, rendered: Rendered, now: datetime) -> Page:
    etag = f'W/"{hashlib.sha256(rendered.body).hexdigest()[:24]}"'.encode()
    own = [(b"vary", b"Accept-Encoding, Cookie"), (b"etag", etag)]
    always = tuple(security.protected(own, csp=security.fan_csp(rendered.styles)))
    of_plain = ((b"content-type", b"text/html; charset=utf-8"), *always)
    return Page(
        made_of=_made_of(entry, now),
        receipt=receipt_name(entry.id).encode() + b"=",
        etag=etag,
        plain=rendered.body,
        zipped=gzip.compress(rendered.body, 9, mtime=0),
        always=always,
        of_plain=of_plain,
        of_zipped=((b"content-encoding", b"gzip"), *of_plain),
        ways=rendered.ways,
    )


@lru_cache(maxsize=4096)
def _crawls(user_agent: bytes) -> bool:
    return is_crawler(user_agent.decode("latin-1"))
