"""A pasted link, UPC or ISRC, and what the services say it leads to. Asks the network, writes nothing."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from django.conf import settings

from upbeat.core.hosts import label_of
from upbeat.core.identifiers import Upc, parse_isrc, parse_upc
from upbeat.core.link import Link, LinkKind
from upbeat.core.links import as_release, parse_link, release_link
from upbeat.core.outcome import Outcome
from upbeat.core.problem import Problem
from upbeat.providers import http, short_links
from upbeat.providers.base import Catalogue, Found, Kind
from upbeat.providers.registry import names, reader

T = TypeVar("T")
PATIENCE_SECONDS = 6.0
_A_NUMBER = re.compile(r"\s*(?:(?:UPC|EAN|GTIN|BARCODE)\b.*|[\d\s.'\u2010-\u2015-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """What was pasted, read: exactly one of the three."""

    link: Link | None = None
    upc: str = ""
    isrc: str = ""


@dataclass(frozen=True, slots=True)
class Described:
    """What the services know about it. `silent` says, by service, why one gave no answer."""

    source: Source
    found: Mapping[str, Found] = field(default_factory=dict)
    silent: Mapping[str, str] = field(default_factory=dict)

    @property
    def first(self) -> Found | None:
        """The answer of the service whose link was pasted, else any."""
        own = self.found.get(self.source.link.service) if self.source.link else None
        return own or next(iter(self.found.values()), None)


def read_source(text: str) -> Source | Problem:
    """A link to an album or song on a service we can read, a UPC or EAN, or an ISRC."""
    if not text.strip():
        return Problem(
            "source_empty",
            "There is nothing here yet.",
            "Paste the release’s link on any service, or its UPC.",
        )
    if _A_NUMBER.fullmatch(text):
        upc = parse_upc(text)
        return Source(upc=upc.code) if isinstance(upc, Upc) else upc
    isrc = parse_isrc(text)
    if isinstance(isrc, str):
        return Source(isrc=isrc)
    link = release_link(text, names())
    return link if isinstance(link, Problem) else Source(link=link)


async def read_pasted(text: str) -> Source | Problem:
    """The same; a short link is asked where it leads."""
    link = parse_link(text)
    if isinstance(link, Problem) or link.kind is not LinkKind.SHORT:
        return read_source(text)
    led = await _lead(link)
    release = led if isinstance(led, Problem) else as_release(led, names())
    return release if isinstance(release, Problem) else Source(link=release)


async def lengthened(text: str) -> str:
    """What a short link stands for, where its host says so; any other text as it is."""
    link = parse_link(text)
    if isinstance(link, Problem) or link.kind is not LinkKind.SHORT:
        return text
    led = await _lead(link)
    return text if isinstance(led, Problem) else led.url


async def _lead(link: Link) -> Link | Problem:
    return await short_links.lead(link, played_at=settings.SHORT_LINKS_URL if settings.SANDBOX else "")


@asynccontextmanager
async def catalogues() -> AsyncIterator[dict[str, Catalogue]]:
    """The catalogue of each service that this installation may ask, with a credential or without; closed at the end."""
    all_of_them = {name: reader(name, has) for name, has in settings.SERVICES.items()}
    mine = {name: catalogue for name, catalogue in all_of_them.items() if catalogue is not None}
    try:
        yield mine
    finally:
        for catalogue in mine.values():
            await catalogue.close()
        await http.close()


async def describe(source: Source, readable: Mapping[str, Catalogue]) -> Described:
    """Ask the services, each for six seconds at the most. One that is down is a sentence, not an error."""
    link, found, silent = source.link, dict[str, Found](), dict[str, str]()
    upc, isrc = source.upc, source.isrc
    if link is not None and link.service in readable:
        catalogue = readable[link.service]
        answer = await in_time(catalogue, catalogue.release(Kind(link.kind.value), link.id))
        _sort_in(link.service, answer, found, silent)
        upc, isrc = (found[link.service].upc, found[link.service].isrc) if found else ("", "")
    elif link is not None:
        silent[link.service] = (
            f"This installation has no app at {label_of(link.service)}, so it cannot look there."
        )
    if upc or isrc:
        others = [catalogue for name, catalogue in readable.items() if not link or name != link.service]
        code = {"upc": upc} if upc else {"isrc": isrc}
        answers = await asyncio.gather(*(in_time(one, one.look_up(**code)) for one in others))
        for one, other in zip(others, answers, strict=True):
            _sort_in(one.name, other, found, silent)
    return Described(source, found, silent)


async def in_time(provider: Catalogue, call: Awaitable[T]) -> T | str:
    """The answer, or the sentence to say instead of one."""
    try:
        answer = await asyncio.wait_for(call, PATIENCE_SECONDS)
    except TimeoutError:
        return f"{provider.label} did not answer within {PATIENCE_SECONDS:.0f} seconds."
    if isinstance(answer, Outcome):
        return answer.note or f"{provider.label} gave no answer just now."
    return answer


def _sort_in(
    name: str, answer: Found | str | Outcome | None, found: dict[str, Found], silent: dict[str, str]
) -> None:
    if isinstance(answer, Found):
        found[name] = answer
    elif isinstance(answer, str):
        silent[name] = answer
