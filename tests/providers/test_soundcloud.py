"""What is SoundCloud's own, against the sandbox."""

import asyncio
from dataclasses import replace

import pytest

from tests.providers.played import OUT, TO_COME, Played, outcome
from upbeat.core.outcome import Reach, Verdict
from upbeat.providers.base import Action, Entity, Found, Grant, Kind, Playlist, Token
from upbeat.providers.registry import build

ADA = "Ada Lovelace"


async def test_a_refresh_token_works_once_and_brings_the_next(soundcloud: Played) -> None:
    first = await soundcloud.grant(ADA)
    assert first.refresh is not None
    second = await soundcloud.provider.renew(first.refresh)
    assert isinstance(second, Grant)
    assert second.refresh is not None
    assert second.refresh.reveal() != first.refresh.reveal()
    assert outcome(await soundcloud.provider.renew(first.refresh)).verdict is Verdict.RECONNECT
    assert any("refresh token used a second time" in wrong for wrong in soundcloud.wrongs())
    soundcloud.control("DELETE", "/calls")
    assert isinstance(await soundcloud.provider.renew(second.refresh), Grant)


@pytest.mark.parametrize(
    "page",
    [
        "marlo-venn/sets/harbour-lights",
        "/marlo-venn/sets/harbour-lights/",
    ],
)
async def test_a_pasted_link_leads_to_the_set(soundcloud: Played, page: str) -> None:
    upc = next(
        one["upc"]
        for one in soundcloud.control("GET", "/releases")["releases"]
        if one["title"] == "Harbour Lights"
    )
    found = await soundcloud.provider.release(Kind.PLAYLIST, page)
    assert isinstance(found, Found)
    assert (found.kind, found.upc, found.url) == (
        Kind.ALBUM,
        upc,
        "https://soundcloud.com/marlo-venn/sets/harbour-lights",
    )
    assert await soundcloud.provider.release(Kind.ALBUM, found.id) == found
    assert await soundcloud.provider.release(Kind.ALBUM, found.id.rpartition(":")[2]) == found
    track = await soundcloud.provider.release(Kind.TRACK, found.track_ids[0])
    assert isinstance(track, Found)
    assert await soundcloud.provider.release(Kind.TRACK, track.url.partition(".com/")[2]) == track
    soundcloud.control("DELETE", "/calls")  # the bare number is noted


@pytest.mark.parametrize(
    "page", ["marlo-venn", "marlo-venn/sets/no-such-thing", "marlo-venn/../me", "%2e%2e/x?y=1"]
)
async def test_a_link_that_leads_to_no_release_is_none(soundcloud: Played, page: str) -> None:
    assert await soundcloud.provider.release(Kind.ALBUM, page) is None


async def test_before_its_day_a_link_leads_nowhere(soundcloud: Played) -> None:
    page = soundcloud.control("GET", f"/releases/{TO_COME}")["soundcloud"]["url"].partition(".com/")[2]
    assert await soundcloud.provider.release(Kind.PLAYLIST, page) is None
    soundcloud.release_comes_out()
    assert isinstance(await soundcloud.provider.release(Kind.PLAYLIST, page), Found)


async def _a_playlist(service: Played, grant: Grant, count: int) -> tuple[Playlist, list[str]]:
    """One of the fan's, with the first tracks of a release that is out."""
    made = await service.provider.create_playlist(grant.access, "Low tide")
    assert isinstance(made, Playlist)
    held = list((await service.found()).track_ids[:count])
    assert (await service.provider.add_tracks(grant.access, made.id, held)).good
    return made, held


def _in_it(service: Played, playlist: Playlist) -> list[str]:
    (seen,) = [one for one in service.fan(ADA)["playlists"] if one["id"] == playlist.id]
    return [line["id"] for line in seen["tracks"]]


async def test_an_add_that_is_repeated_leaves_one_copy(soundcloud: Played) -> None:
    grant = await soundcloud.grant(ADA)
    made, held = await _a_playlist(soundcloud, grant, 2)
    tracks = (await soundcloud.found()).track_ids
    for verdict in (Verdict.DONE, Verdict.ALREADY):
        assert (await soundcloud.provider.add_tracks(grant.access, made.id, tracks)).verdict is verdict
    assert _in_it(soundcloud, made) == [*held, *tracks[2:]]


async def test_a_track_this_fan_may_not_hear_stays_in_their_playlist(soundcloud: Played) -> None:
    grant = await soundcloud.grant(ADA)
    made, held = await _a_playlist(soundcloud, grant, 2)
    soundcloud.switch(blocked=[soundcloud.control("GET", f"/releases/{OUT}")["tracks"][0]["isrc"]])
    more = (await soundcloud.found()).track_ids[2:]
    assert (await soundcloud.provider.add_tracks(grant.access, made.id, more)).good
    assert _in_it(soundcloud, made) == [*held, *more]


async def test_a_playlist_that_is_not_shown_whole_is_not_written(soundcloud: Played) -> None:
    grant = await soundcloud.grant(ADA)
    made, held = await _a_playlist(soundcloud, grant, 2)
    more = (await soundcloud.found()).track_ids[2:]
    soundcloud.switch(hidden=[soundcloud.control("GET", f"/releases/{OUT}")["tracks"][0]["isrc"]])
    answer = await soundcloud.provider.add_tracks(grant.access, made.id, more)
    assert (answer.verdict, answer.reason) == (Verdict.REFUSED, "playlist_hidden")
    assert _in_it(soundcloud, made) == held
    assert (await soundcloud.provider.add_tracks(grant.access, made.id, held[1:])).verdict is Verdict.ALREADY


async def test_a_full_playlist_is_refused_with_the_reason(soundcloud: Played) -> None:
    grant = await soundcloud.grant(ADA)
    made, held = await _a_playlist(soundcloud, grant, 2)
    soundcloud.switch(playlist_limit=2)
    answer = await soundcloud.provider.add_tracks(grant.access, made.id, (await soundcloud.found()).track_ids)
    assert (answer.verdict, answer.reason) == (Verdict.REFUSED, "library_full")
    assert _in_it(soundcloud, made) == held


async def test_one_following_too_many_is_refused_and_one_again_is_done(soundcloud: Played) -> None:
    grant, artist = await soundcloud.grant(ADA), await soundcloud.artist()
    for _ in range(2):
        assert (await soundcloud.provider.follow(grant.access, artist)).good
    soundcloud.switch(followings_limit=1)
    soundcloud.control("POST", "/artists", {"names": ["Somebody Else"]})
    other = soundcloud.control("POST", "/artists", {"names": ["Somebody Else"]})["artists"][0]["soundcloud"][
        "id"
    ]
    answer = await soundcloud.provider.follow(grant.access, Entity("soundcloud", Kind.ARTIST, other))
    assert (answer.verdict, answer.reason) == (Verdict.REFUSED, "follow_forbidden")


async def test_a_spam_warning_is_one_fans_wait(soundcloud: Played) -> None:
    grant, found = await soundcloud.grant(ADA), await soundcloud.found()
    soundcloud.order("rate_limit", reason="spam", path="likes")
    answer = await soundcloud.provider.save(grant.access, found)
    assert (answer.asked_to_wait, answer.reach) == (True, Reach.FAN)


async def test_a_limit_ends_when_the_service_says(soundcloud: Played) -> None:
    grant, found = await soundcloud.grant(ADA), await soundcloud.found()
    soundcloud.switch(clock_seconds_ahead=-7200)
    soundcloud.order("rate_limit", retry_after=90, path="likes")
    answer = await soundcloud.provider.save(grant.access, found)
    assert answer.after is not None
    assert 85 <= answer.after.total_seconds() <= 95
    assert answer.reach is Reach.APP


async def test_the_installations_own_token_is_asked_for_once(soundcloud: Played) -> None:
    """An app gets 50 in twelve hours, and a page of the dashboard makes a provider of its own."""
    await soundcloud.found()
    for _ in range(3):
        again = build("soundcloud", soundcloud.settings)
        assert isinstance(await again.search(Kind.ARTIST, "marlo"), list)
    assert len(soundcloud.sandbox.calls(service="soundcloud", path="/oauth/token")) == 1
    assert (await soundcloud.provider.credential()).good
    wrong = build("soundcloud", replace(soundcloud.settings, client_secret=Token("wrong")))
    assert (await wrong.credential()).reason == "app_refused"


async def test_an_own_release_of_the_fan_is_no_playlist_to_add_to(soundcloud: Played) -> None:
    grant = await soundcloud.grant(ADA, Action.PLAYLIST)
    both = await asyncio.gather(*(soundcloud.provider.playlists(grant.access) for _ in range(2)))
    assert both[0] == both[1]
    assert {one.name for one in both[0] if isinstance(one, Playlist)} == {"Evening walks", "Kitchen, loud"}
