"""What is Deezer's own, against the sandbox."""

import pytest

from tests.providers.played import Played
from upbeat.core.outcome import Verdict
from upbeat.providers.base import Action, Entity, Kind, Playlist, Token

ADA = "Ada Lovelace"


async def test_a_grant_with_offline_access_has_no_end(deezer: Played) -> None:
    grant = await deezer.grant(ADA, Action.SAVE)
    assert grant.expires_in is None
    assert grant.refresh is None
    assert "offline_access" in grant.scopes


async def test_a_grant_without_it_runs_out(deezer: Played) -> None:
    grant = await deezer.grant(ADA, Action.SAVE, withhold="offline_access")
    assert grant.expires_in is not None
    assert "offline_access" not in grant.scopes


async def test_a_track_that_is_there_already_is_as_good_as_added(deezer: Played) -> None:
    grant, found = await deezer.grant(ADA, Action.PLAYLIST), await deezer.found()
    made = await deezer.provider.create_playlist(grant.access, "Low tide")
    assert isinstance(made, Playlist)
    add, first, second = deezer.provider.add_tracks, found.track_ids[0], found.track_ids[1]
    assert (await add(grant.access, made.id, [second])).verdict is Verdict.DONE
    assert (await add(grant.access, made.id, [second])).verdict is Verdict.ALREADY
    assert (await add(grant.access, made.id, [first, second, *found.track_ids[2:]])).good
    tracks = await deezer.provider.playlist_tracks(grant.access, made.id)
    assert isinstance(tracks, list)
    assert sorted(tracks) == sorted(found.track_ids)


@pytest.mark.parametrize(
    ("code", "reason"),
    [(4, "rate_limited"), (100, "library_full"), (700, "service_error"), (901, "account_not_allowed")],
)
async def test_an_error_in_a_success_is_an_error(deezer: Played, code: int, reason: str) -> None:
    grant, found = await deezer.grant(ADA, Action.SAVE), await deezer.found()
    deezer.order("deezer_error", code=code)
    assert (await deezer.provider.save(grant.access, found)).reason == reason


async def test_no_data_is_not_there_yet_in_both_shapes(deezer: Played) -> None:
    for status in (200, 404):
        deezer.switch(not_found_status=status)
        assert await deezer.provider.release(Kind.ALBUM, "1") is None


async def test_a_dead_token_is_believed_when_it_is_said_twice(deezer: Played) -> None:
    grant, found = await deezer.grant(ADA, Action.SAVE), await deezer.found()
    deezer.order("unauthorized", times=1)
    answer = await deezer.provider.save(grant.access, found)
    assert (answer.verdict, answer.reason) == (Verdict.LATER, "unauthorized")
    deezer.order("unauthorized", times=2)
    assert (await deezer.provider.save(grant.access, found)).verdict is Verdict.RECONNECT


async def test_only_artists_are_followed(deezer: Played) -> None:
    answer = await deezer.provider.follow(Token("any"), Entity("deezer", Kind.PLAYLIST, "1"))
    assert (answer.verdict, answer.reason) == (Verdict.REFUSED, "not_offered")
