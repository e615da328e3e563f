"""TIDAL alone: keys that make a repeat the same request, collections that may look empty, grants for hours."""

from datetime import timedelta

from tests.providers.played import OUT, Played, outcome
from upbeat.core.outcome import Verdict
from upbeat.providers.base import Action, Found, Kind

ADA = "Ada Lovelace"


async def test_a_grant_comes_without_refresh_token_and_lives_four_hours(tidal: Played) -> None:
    grant = await tidal.grant(ADA, Action.SAVE)
    assert grant.refresh is None
    assert grant.expires_in == tidal.provider.capabilities.unrenewed_life == timedelta(hours=4)
    tidal.time_passes(timedelta(hours=4))
    answer = await tidal.provider.save(grant.access, await tidal.found())
    assert (answer.verdict, answer.reason) == (Verdict.LATER, "unauthorized")


async def test_one_errand_is_one_request_and_another_errand_another(tidal: Played) -> None:
    grant, found = await tidal.grant(ADA, Action.SAVE, Action.PLAYLIST), await tidal.found()
    errand = grant.access.on("delivery 7 0")
    assert (await tidal.provider.save(errand, found)).verdict is Verdict.DONE
    assert (await tidal.provider.save(errand, found)).verdict is Verdict.DONE
    assert (await tidal.provider.save(grant.access.on("delivery 7 1"), found)).verdict is Verdict.ALREADY
    made = [await tidal.provider.create_playlist(errand, "Low tide") for _ in range(2)]
    assert made[0] == made[1]
    assert not hasattr(made[0], "verdict")


async def test_a_repeat_while_the_first_is_under_way_waits_a_moment(tidal: Played) -> None:
    grant, found = await tidal.grant(ADA, Action.SAVE), await tidal.found()
    tidal.order("drop", when="before", method="POST", path="userCollection")
    errand = grant.access.on("delivery 7 0")
    assert (await tidal.provider.save(errand, found)).reason == "network"
    again = await tidal.provider.save(errand, found)
    assert (again.verdict, again.reason, again.asked_to_wait) == (Verdict.LATER, "in_progress", False)


async def test_a_collection_that_looks_empty_says_nothing(tidal: Played) -> None:
    can = tidal.provider.capabilities
    grant, found = await tidal.grant(ADA, Action.SAVE, more=can.read_scopes), await tidal.found()
    track = await tidal.provider.release(Kind.TRACK, found.track_ids[0])
    assert isinstance(track, Found)
    assert outcome(await tidal.provider.is_saved(grant.access, found)).reason == "not_shown"
    other = next(
        one
        for one in tidal.control("GET", "/releases")["releases"]
        if one["visible"]["tidal"] and one["upc"] != OUT
    )
    await tidal.provider.save(grant.access, await tidal.found(other["upc"]))
    assert await tidal.provider.is_saved(grant.access, found) is False
    await tidal.provider.save(grant.access, found)
    assert await tidal.provider.is_saved(grant.access, found) is True
    tidal.switch(shows_collection=False)
    assert outcome(await tidal.provider.is_saved(grant.access, found)).reason == "not_shown"


async def test_a_refused_token_is_understood_in_both_forms(tidal: Played) -> None:
    grant, found = await tidal.grant(ADA, Action.SAVE, withhold="collection.write"), await tidal.found()
    for form in ("document", "legacy"):
        tidal.switch(error_form=form)
        assert (await tidal.provider.save(grant.access, found)).reason == "scope_missing"


async def test_no_trip_asks_for_what_is_tidals_own(tidal: Played) -> None:
    can = tidal.provider.capabilities
    asked = {*can.base_scopes, *can.read_scopes, *(one for scopes in can.scopes.values() for one in scopes)}
    assert not asked & {"r_usr", "w_usr"}
