"""A pasted link, UPC or ISRC, and what the services say it leads to. Asks the network, writes nothing."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from django.conf import settings

from upbeat.core.identifiers import Upc, parse_isrc, parse_upc
from upbeat.core.link import Link
from upbeat.core.links import release_link
from upbeat.core.outcome import Outcome
from upbeat.core.problem import Problem
from upbeat.providers import http
from upbeat.providers.base import Found, Kind, Provider
from upbeat.providers.registry import build, names

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


@asynccontextmanager
async def catalogues() -> AsyncIterator[dict[str, Provider]]:
    """A provider for each service this installation has a credential for, closed at the end."""
    mine = {name: build(name, has) for name, has in settings.SERVICES.items() if has.client_id}
    try:
        yield mine
    finally:
        for provider in mine.values():
            await provider.close()
        await http.close()


async def describe(source: Source, providers: Mapping[str, Provider]) -> Described:
    """Ask the services, each for six seconds at the most. One that is down is a sentence, not an error."""
    link, found, silent = source.link, dict[str, Found](), dict[str, str]()
    upc, isrc = source.upc, source.isrc
    if link is not None and link.service in providers:
        provider = providers[link.service]
        answer = await in_time(provider, provider.release(Kind(link.kind.value), link.id))
        _sort_in(link.service, answer, found, silent)
        upc, isrc = (found[link.service].upc, found[link.service].isrc) if found else ("", "")
    if upc or isrc:
        others = [provider for name, provider in providers.items() if not link or name != link.service]
        code = {"upc": upc} if upc else {"isrc": isrc}
        answers = await asyncio.gather(*(in_time(one, one.look_up(**code)) for one in others))
        for one, other in zip(others, answers, strict=True):
            _sort_in(one.name, other, found, silent)
    return Described(source, found, silent)


async def in_time(provider: Provider, call: Awaitable[T]) -> T | str:
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
