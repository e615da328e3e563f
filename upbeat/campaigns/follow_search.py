"""Who is meant by what was pasted or typed: one to follow, or a list to choose from. Asks the network."""

from collections.abc import Mapping

from upbeat.campaigns.describe import in_time, lengthened
from upbeat.core.link import Link
from upbeat.core.links import follow_target
from upbeat.core.problem import Problem
from upbeat.providers.base import Catalogue, Entity, Kind
from upbeat.providers.registry import follows_at, label

MOST_EACH = 4


async def find(text: str, providers: Mapping[str, Catalogue]) -> Entity | list[Entity] | Problem:
    """An entity for a link or URI; for ordinary words the artists and playlists of that name, best first."""
    words = text.strip()
    if not words:
        return Problem(
            "follow_empty",
            "There is nothing here yet.",
            f"Paste a {label(follows_at())} link, or type a name to search.",
        )
    link = follow_target(await lengthened(words))
    if isinstance(link, Link):
        return await _look_up(link, providers)
    if link.code != "not_a_link":
        return link
    return await _search(words[:100], providers)


async def _look_up(link: Link, providers: Mapping[str, Catalogue]) -> Entity | Problem:
    provider = providers.get(link.service)
    if provider is None:
        return _no_app()
    kind = Kind(link.kind.value)
    answer = await in_time(provider, provider.entity(kind, link.id))
    if isinstance(answer, Entity):
        return answer
    if isinstance(answer, str):
        return Problem("service_silent", answer, "Try again in a moment; the link stays here.")
    return Problem(
        "follow_gone", f"{provider.label} knows nothing under this link.", "Copy it again from the app."
    )


async def _search(words: str, providers: Mapping[str, Catalogue]) -> list[Entity] | Problem:
    provider = providers.get(follows_at())
    if provider is None:
        return _no_app()
    found: list[Entity] = []
    for kind in (Kind.ARTIST, Kind.PLAYLIST):
        answer = await in_time(provider, provider.search(kind, words))
        if isinstance(answer, str):
            return Problem("service_silent", answer, "Try again in a moment, or paste the link.")
        if isinstance(answer, list):
            found += answer[:MOST_EACH]
    return found or Problem(
        "search_empty", f"{provider.label} finds nobody called “{words}”.", "Paste the link instead."
    )


def _no_app() -> Problem:
    wrong = f"This installation has no {label(follows_at())} app, so it cannot look there."
    return Problem("no_app", wrong, "Ask the person who runs it.")
