"""Whatever a service answers, a call returns what the protocol says: a whole value, or an outcome that says why not."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.providers.crooked import crooked
from tests.providers.played import OUT, REDIRECT, Played
from upbeat.core.outcome import Outcome
from upbeat.providers.base import Account, Action, Asks, Entity, Found, Grant, Kind, Playlist, Provider, Token
from upbeat.providers.registry import build

ADA = "Ada Lovelace"
SEEDS = 5


def sound(value: Any) -> bool:
    """Whether a value can be relied on: nothing in it that has to be there is missing."""
    match value:
        case Outcome():
            return bool(value.reason) and (value.good or bool(value.note))
        case Grant():
            return bool(value.access.reveal()) and (value.refresh is None or bool(value.refresh.reveal()))
        case Account() | Playlist() | Entity():
            return bool(value.id)
        case Found():
            return bool(value.id) and all(isinstance(one, str) and one for one in value.track_ids)
        case list():
            return all(one if isinstance(one, str) else sound(one) for one in value)
    return value is None or isinstance(value, bool)


def calls(
    provider: Provider, access: Token, found: Found, artist: Entity, playlist: str
) -> list[Callable[[], Awaitable[Any]]]:
    tracks = found.track_ids
    return [
        lambda: provider.who(access),
        lambda: provider.save(access, found),
        lambda: provider.is_saved(access, found),
        lambda: provider.follow(access, artist),
        lambda: provider.playlists(access),
        lambda: provider.create_playlist(access, "Low tide"),
        lambda: provider.playlist_tracks(access, playlist),
        lambda: provider.add_tracks(access, playlist, tracks[:1]),
        lambda: provider.look_up(upc=OUT),
        lambda: provider.look_up(isrc="QZUPB2600101"),
        lambda: provider.release(Kind.ALBUM, found.id),
        lambda: provider.release(Kind.TRACK, tracks[0]),
        lambda: provider.entity(Kind.ARTIST, artist.id),
        lambda: provider.search(Kind.ARTIST, "marlo"),
        provider.credential,
    ]


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_a_crooked_answer_is_survived(service: Played, seed: int) -> None:
    actions = [Action.SAVE, Action.FOLLOW, Action.PLAYLIST]
    grant, found, artist = await service.grant(ADA, *actions), await service.found(), await service.artist()
    made = await service.provider.create_playlist(grant.access, "Kept")
    assert isinstance(made, Playlist)
    async with crooked(service.sandbox.url, f"{service.name} {seed}") as line:
        provider = build(service.name, line.through(service.settings))
        for number, call in enumerate(calls(provider, grant.access, found, artist, made.id)):
            value = await call()
            assert sound(value), (number, value)
        if grant.refresh is not None:
            assert sound(await provider.renew(grant.refresh))
        if provider.capabilities.asks is Asks.REDIRECT:
            back, verifier = service.consent(ADA, service.scopes(*actions))
            asked = {"code": back["code"], "redirect_uri": REDIRECT, "verifier": verifier}
            assert sound(await provider.exchange(**asked))
    service.control("DELETE", "/calls")  # ids that came crooked are asked for as they came
