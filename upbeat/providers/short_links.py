"""Where a short link leads. Only hosts of `core.hosts.SHORT_HOSTS` are ever asked, and what they answer is read like
anything a person pasted: a private address, another scheme or a look-alike is refused, and never opened."""

import asyncio
from urllib.parse import urljoin

from upbeat.core.hosts import label_of
from upbeat.core.link import Link, LinkKind
from upbeat.core.links import parse_link
from upbeat.core.outcome import Outcome
from upbeat.core.problem import Problem
from upbeat.providers.http import Door

MOST_HOPS = 3
SECONDS = 5.0
"""For all hops together."""


async def lead(link: Link, *, played_at: str = "") -> Link | Problem:
    """What a link of kind SHORT stands for. `played_at` (sandbox): who is asked instead of the hosts themselves."""
    try:
        async with asyncio.timeout(SECONDS):
            return await _follow(link, played_at)
    except TimeoutError:
        return _problem(link, "short_silent", f"It did not answer within {SECONDS:.0f} seconds.")


async def _follow(link: Link, played_at: str) -> Link | Problem:
    for _ in range(MOST_HOPS):
        door = Door(label_of(link.service), allow_private=bool(played_at))
        there = await door.leads_to(f"{played_at}/{link.url.partition('://')[2]}" if played_at else link.url)
        if isinstance(there, Outcome):
            return _problem(link, "short_silent", there.note)
        if not there:
            return _problem(link, "short_dead", "It leads nowhere.")
        led = parse_link(_whole(link.url, there))
        if isinstance(led, Problem):
            return _problem(link, led.code, led.wrong)
        if led.kind is not LinkKind.SHORT:
            return led
        link = led
    return _problem(link, "short_hops", "It leads from one short link to the next.")


def _whole(here: str, there: str) -> str:
    """The address `there` is, as seen from `here`; one that is none stays as it is, to be refused."""
    try:
        return urljoin(here, there)
    except ValueError:
        return there


def _problem(link: Link, code: str, wrong: str) -> Problem:
    label = label_of(link.service)
    return Problem(
        code,
        f"We asked the short link where it leads. {wrong}",
        f"Open it, then copy the long address from {label}.",
    )
