"""What is Spotify's own, against the sandbox."""

from datetime import timedelta

import pytest

from tests.providers.played import Played, outcome
from upbeat.core.outcome import Verdict
from upbeat.providers.base import Account, Action, Entity, Grant, Kind

ADA = "Ada Lovelace"


@pytest.mark.parametrize("body", ["text", "json", "json2026"])
async def test_a_fan_who_is_not_on_the_list_is_told_apart(spotify: Played, body: str) -> None:
    spotify.switch(mode="development", allow_list=["Ben"], not_registered_body=body)
    grant = await spotify.grant(ADA, Action.SAVE)
    answer = outcome(await spotify.provider.who(grant.access))
    assert (answer.verdict, answer.reason) == (Verdict.REFUSED, "not_allow_listed")
    ben = await spotify.grant("Ben", Action.SAVE)
    assert isinstance(await spotify.provider.who(ben.access), Account)


async def test_whatever_is_forbidden_right_after_consent_means_that_the_fan_is_not_listed(
    spotify: Played,
) -> None:
    """`/me` needs no permission: a bare "Forbidden" there, and again, is not about one."""
    grant = await spotify.grant(ADA, Action.SAVE)
    spotify.order("forbidden", message="Forbidden", times=2)
    answer = outcome(await spotify.provider.who(grant.access))
    assert (answer.verdict, answer.reason) == (Verdict.REFUSED, "not_allow_listed")
    spotify.order("forbidden", message="Forbidden", times=1)
    assert isinstance(await spotify.provider.who(grant.access), Account)


async def test_the_account_is_known_by_the_id_that_never_changes(spotify: Played) -> None:
    grant = await spotify.grant(ADA, Action.SAVE)
    account = await spotify.provider.who(grant.access)
    fan = spotify.fan(ADA)
    assert isinstance(account, Account)
    assert account.id == fan["account_id"] != fan["id"]


async def test_one_false_word_about_premium_is_no_word(spotify: Played) -> None:
    """Sporadic since July 2026; two in a row are believed, and are the operator's to mend."""
    grant, found = await spotify.grant(ADA, Action.SAVE), await spotify.found()
    words = "Active premium subscription required for the owner of the app"
    spotify.order("forbidden", message=words, times=1)
    assert (await spotify.provider.save(grant.access, found)).good
    spotify.order("forbidden", message=words, times=2)
    answer = await spotify.provider.save(grant.access, found)
    assert (answer.verdict, answer.reason) == (Verdict.LATER, "owner_not_premium")


@pytest.mark.parametrize("answers", ["accepted", "refused", "ignored"])
async def test_an_artist_is_followed_however_the_library_takes_it(spotify: Played, answers: str) -> None:
    spotify.switch(artist_follow=answers)
    grant, artist = await spotify.grant(ADA, Action.FOLLOW), await spotify.artist()
    assert (await spotify.provider.follow(grant.access, artist)).good
    assert [one["id"] for one in spotify.fan(ADA)["artists"]] == [artist.id]


async def test_in_development_mode_the_library_alone_follows(spotify: Played) -> None:
    spotify.switch(mode="development", allow_list=[ADA])
    grant, artist = await spotify.grant(ADA, Action.FOLLOW), await spotify.artist()
    assert (await spotify.provider.follow(grant.access, artist)).good
    assert [one["id"] for one in spotify.fan(ADA)["artists"]] == [artist.id]


async def test_profiles_and_playlists_are_followed(spotify: Played) -> None:
    extra = spotify.provider.capabilities.follow_scopes[Kind.PLAYLIST]
    grant = await spotify.grant(ADA, Action.FOLLOW, more=extra)
    catalogue = spotify.control("GET", "/catalogue")
    profile = next(one for one in catalogue["profiles"] if one["service"] == "spotify")
    playlist = next(one for one in catalogue["playlists"] if one["service"] == "spotify")
    for kind, one in ((Kind.USER, profile), (Kind.PLAYLIST, playlist)):
        entity = await spotify.provider.entity(kind, one["id"])
        assert isinstance(entity, Entity)
        assert entity.name == one["name"]
        assert (await spotify.provider.follow(grant.access, entity)).good
    fan = spotify.fan(ADA)
    assert profile["id"] in {one["id"] for one in fan["users"]}
    assert playlist["id"] in {one["id"] for one in fan["playlists"]}


async def test_in_development_mode_a_profile_is_called_by_its_id(spotify: Played) -> None:
    spotify.switch(mode="development")
    entity = await spotify.provider.entity(Kind.USER, "someone")
    assert entity == Entity(
        "spotify", Kind.USER, "someone", "someone", "", "https://open.spotify.com/user/someone"
    )


async def test_a_grant_dies_six_months_after_consent(spotify: Played) -> None:
    grant = await spotify.grant(ADA, Action.SAVE)
    assert grant.refresh is not None
    life = spotify.provider.capabilities.grant_life
    assert life is not None
    spotify.time_passes(life - timedelta(days=1))
    assert isinstance(await spotify.provider.renew(grant.refresh), Grant)
    spotify.time_passes(timedelta(days=6))
    answer = outcome(await spotify.provider.renew(grant.refresh))
    assert (answer.verdict, answer.reason) == (Verdict.RECONNECT, "grant_dead")


async def test_a_new_refresh_token_is_handed_on(spotify: Played) -> None:
    spotify.switch(rotate_refresh_tokens=True)
    grant = await spotify.grant(ADA, Action.SAVE)
    assert grant.refresh is not None
    fresh = await spotify.provider.renew(grant.refresh)
    assert isinstance(fresh, Grant)
    assert fresh.refresh is not None
    assert fresh.refresh.reveal() != grant.refresh.reveal()


async def test_a_token_that_has_run_out_waits_for_a_renewal(spotify: Played) -> None:
    grant, found = await spotify.grant(ADA, Action.SAVE), await spotify.found()
    spotify.time_passes(timedelta(seconds=3601))
    answer = await spotify.provider.save(grant.access, found)
    assert (answer.verdict, answer.reason) == (Verdict.LATER, "unauthorized")


async def test_the_installations_own_token_is_renewed_when_it_has_run_out(spotify: Played) -> None:
    await spotify.found()
    spotify.time_passes(timedelta(seconds=3601))
    await spotify.found()


async def test_a_wait_of_hours_is_data(spotify: Played) -> None:
    grant = await spotify.grant(ADA, Action.SAVE)
    for body in ("json", "text"):
        spotify.order("rate_limit", retry_after=81_654, body=body)
        assert outcome(await spotify.provider.who(grant.access)).after == timedelta(seconds=81_654)


async def test_reading_back_needs_a_permission_we_do_not_ask_for(spotify: Played) -> None:
    grant, found = await spotify.grant(ADA, Action.SAVE), await spotify.found()
    answer = outcome(await spotify.provider.is_saved(grant.access, found))
    assert answer.reason == "scope_missing"
