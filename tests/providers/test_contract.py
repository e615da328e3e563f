"""What every provider must do, told over real HTTP against the sandbox."""

from dataclasses import replace

import pytest

from tests.providers.played import OUT, REDIRECT, TO_COME, Played, outcome
from upbeat.core.outcome import Verdict
from upbeat.providers.base import Account, Action, Asks, Entity, Found, Grant, Kind, Playlist, Token
from upbeat.providers.registry import build

ADA = "Ada Lovelace"


async def test_a_fan_who_agrees_brings_a_grant_and_an_account(service: Played) -> None:
    grant = await service.grant(ADA, Action.SAVE, Action.FOLLOW)
    assert grant.scopes >= set(service.scopes(Action.SAVE, Action.FOLLOW))
    account = await service.provider.who(grant.access)
    assert isinstance(account, Account)
    assert account.name == (ADA if service.provider.capabilities.knows_accounts else "")


async def test_the_account_is_the_same_on_every_trip(service: Played) -> None:
    first = await service.grant(ADA, Action.SAVE)
    second = await service.grant("ada lovelace", Action.SAVE)
    other = await service.grant("Ben", Action.SAVE)
    who = service.provider.who
    assert await who(first.access) == await who(second.access)
    assert await who(first.access) != await who(other.access)


async def test_a_fan_who_cancels_brings_no_code(service: Played) -> None:
    back, _ = service.consent(ADA, service.scopes(Action.SAVE), decision="cancel")
    assert "code" not in back
    assert back["state"] == "s-1"


async def test_a_code_nobody_gave_ends_this_trip_only(service: Played) -> None:
    answer = await service.provider.exchange(code="made-up", redirect_uri=REDIRECT, verifier="v" * 43)
    assert (outcome(answer).verdict, outcome(answer).reason) == (Verdict.REFUSED, "code_refused")


async def test_a_code_is_good_once(service: Played) -> None:
    if service.provider.capabilities.asks is Asks.MUSICKIT:
        return  # what comes back is no code but the fan's token
    back, verifier = service.consent(ADA, service.scopes(Action.SAVE))
    exchange = service.provider.exchange
    assert isinstance(await exchange(code=back["code"], redirect_uri=REDIRECT, verifier=verifier), Grant)
    again = outcome(await exchange(code=back["code"], redirect_uri=REDIRECT, verifier=verifier))
    assert (again.verdict, again.reason) == (Verdict.REFUSED, "code_refused")
    assert any("code used a second time" in wrong for wrong in service.wrongs())
    service.control("DELETE", "/calls")


async def test_a_wrong_secret_is_the_operators_to_mend(service: Played) -> None:
    back, verifier = service.consent(ADA, service.scopes(Action.SAVE))
    wrong = build(service.name, replace(service.settings, client_secret=Token("wrong")))
    if service.name == "tidal":  # whose codes are proved by the verifier alone
        answer = await wrong.credential()
    else:
        answer = await wrong.exchange(code=back["code"], redirect_uri=REDIRECT, verifier=verifier)
    assert (outcome(answer).verdict, outcome(answer).reason) == (Verdict.LATER, "app_refused")


async def test_saving_twice_leaves_one(service: Played) -> None:
    grant, found = await service.grant(ADA, Action.SAVE), await service.found()
    for _ in range(2):
        assert (await service.provider.save(grant.access, found)).good
    assert service.library(ADA) == [service.standing_for(found)]


async def test_what_was_saved_can_be_read_back(service: Played) -> None:
    more = service.provider.capabilities.read_scopes
    grant, found = await service.grant(ADA, Action.SAVE, more=more), await service.found()
    assert await service.provider.is_saved(grant.access, found) is not True
    await service.provider.save(grant.access, found)
    assert await service.provider.is_saved(grant.access, found) is True


async def test_a_track_is_saved_as_one(service: Played) -> None:
    grant, found = await service.grant(ADA, Action.SAVE), await service.found()
    track = await service.provider.release(Kind.TRACK, found.track_ids[0])
    assert isinstance(track, Found)
    assert (await service.provider.save(grant.access, track)).good
    assert [one["id"] for one in service.fan(ADA)["tracks"]] == [track.id]


async def test_an_artist_is_followed(service: Played) -> None:
    grant, artist = await service.grant(ADA, Action.FOLLOW), await service.artist()
    assert (await service.provider.follow(grant.access, artist)).good
    assert [one["id"] for one in service.fan(ADA)["artists"]] == [artist.id]


async def test_an_artist_who_is_gone_is_refused_for_good(service: Played) -> None:
    grant = await service.grant(ADA, Action.FOLLOW)
    nobody = Entity(service.name, Kind.ARTIST, service.nothing)
    answer = await service.provider.follow(grant.access, nobody)
    assert (answer.verdict, answer.reason) == (Verdict.REFUSED, "gone")


async def test_the_fans_own_playlists_are_listed(service: Played) -> None:
    grant = await service.grant(ADA, Action.PLAYLIST)
    playlists = await service.provider.playlists(grant.access)
    assert isinstance(playlists, list)
    sizes = (0, 0) if service.name == "apple_music" else (4, 3)  # its list says nothing of them
    assert {(one.name, one.size) for one in playlists} == set(
        zip(("Evening walks", "Kitchen, loud"), sizes, strict=True)
    )


async def test_a_new_playlist_is_private_and_holds_every_track_in_order(service: Played) -> None:
    grant, found = await service.grant(ADA, Action.PLAYLIST), await service.found()
    made = await service.provider.create_playlist(grant.access, "Für später & mehr")
    assert isinstance(made, Playlist)
    assert (await service.provider.add_tracks(grant.access, made.id, found.track_ids)).good
    assert await service.provider.playlist_tracks(grant.access, made.id) == list(found.track_ids)
    (seen,) = [one for one in service.fan(ADA)["playlists"] if one["id"] == made.id]
    assert (seen["name"], seen["public"], seen["own"]) == ("Für später & mehr", False, True)


async def test_a_playlist_of_many_pages_is_read_whole(service: Played) -> None:
    tracks = [{"title": f"Part {number}"} for number in range(1, 131)]
    long = {
        "title": "Long",
        "artists": ["Marlo Venn"],
        "tracks": tracks,
        "released_at": "2026-01-01T00:00:00Z",
    }
    upc = service.control("POST", "/releases", long)["releases"][0]["upc"]
    grant, found = await service.grant(ADA, Action.PLAYLIST), await service.found(upc)
    assert len(set(found.track_ids)) == found.track_count == 130
    made = await service.provider.create_playlist(grant.access, "Long")
    assert isinstance(made, Playlist)
    assert (await service.provider.add_tracks(grant.access, made.id, found.track_ids)).good
    assert await service.provider.playlist_tracks(grant.access, made.id) == list(found.track_ids)


async def test_a_playlist_that_is_gone_is_refused_for_good(service: Played) -> None:
    grant, found = await service.grant(ADA, Action.PLAYLIST), await service.found()
    gone = service.nothing
    answers = [
        await service.provider.playlist_tracks(grant.access, gone),
        await service.provider.add_tracks(grant.access, gone, found.track_ids),
    ]
    if service.name == "apple_music":  # there a new one is not shown at once
        assert outcome(answers.pop()).verdict is Verdict.LATER
    for answer in answers:
        assert (outcome(answer).verdict, outcome(answer).reason) == (Verdict.REFUSED, "playlist_gone")


async def test_nothing_to_add_is_done_already(service: Played) -> None:
    grant = await service.grant(ADA, Action.PLAYLIST)
    assert (await service.provider.add_tracks(grant.access, "1", [])).verdict is Verdict.ALREADY


async def test_a_release_is_not_there_before_its_moment_and_is_there_at_it(service: Played) -> None:
    isrc = service.control("GET", f"/releases/{TO_COME}")["tracks"][0]["isrc"]
    assert await service.look(TO_COME) is None
    assert await service.provider.look_up(isrc=isrc) is None
    service.release_comes_out()
    found = await service.found(TO_COME)
    assert (found.title, found.artist, found.upc, found.kind) == (
        "Night Ferry North",
        "Marlo Venn",
        TO_COME if service.name != "youtube" else "",
        Kind.ALBUM,
    )
    assert len(found.track_ids) == found.track_count == 10
    if not service.finds_by("isrc"):
        return
    track = await service.provider.look_up(isrc=isrc)
    assert isinstance(track, Found)
    assert (track.kind, track.isrc, track.track_ids) == (Kind.TRACK, isrc, (track.id,))


async def test_saving_before_the_moment_waits_for_the_source(service: Played) -> None:
    shown = service.control("GET", f"/releases/{TO_COME}")[service.name]
    grant, found = await service.grant(ADA, Action.SAVE), await service.found()
    early = Found(service.name, Kind.ALBUM, shown["id"], "", "", "", found.artist_id)
    answer = await service.provider.save(grant.access, early)
    assert (answer.verdict, answer.reason) == (Verdict.LATER, "not_found_yet")


@pytest.mark.parametrize("digits", [12, 13, 14])
async def test_a_code_is_found_however_the_catalogue_pads_it(service: Played, digits: int) -> None:
    if not service.finds_by("upc"):
        assert await service.provider.look_up(upc=OUT) is None
        return
    service.control("PATCH", f"/releases/{OUT}", {"spotify_upc_digits": digits})
    assert (await service.found()).upc == OUT
    assert (await service.found("00" + OUT)).upc == OUT


async def test_a_release_is_read_by_its_id_and_a_made_up_one_is_none(service: Played) -> None:
    found = await service.found()
    assert await service.provider.release(Kind.ALBUM, found.id) == found
    assert await service.provider.release(Kind.ALBUM, service.nothing) is None
    assert await service.provider.entity(Kind.ARTIST, service.nothing) is None


async def test_an_artist_has_a_name_and_a_picture_and_is_found_by_words(service: Played) -> None:
    artist = await service.artist()
    entity = await service.provider.entity(Kind.ARTIST, artist.id)
    assert isinstance(entity, Entity)
    assert entity.name == "Marlo Venn"
    assert entity.image_url.startswith("http")
    assert await service.provider.search(Kind.ARTIST, "marlo") == [entity]
    assert await service.provider.search(Kind.ARTIST, "  ") == []


# --- Bad days ---------------------------------------------------------------------------------------------------


async def test_a_rate_limit_is_a_wait_and_nothing_has_happened(service: Played) -> None:
    grant, found = await service.grant(ADA, Action.SAVE), await service.found()
    service.order("rate_limit", retry_after=80_000)
    answer = await service.provider.save(grant.access, found)
    assert answer.verdict is Verdict.LATER
    assert answer.asked_to_wait
    assert answer.after is not None
    assert service.library(ADA) == []


async def test_a_limit_of_calls_is_a_wait(service: Played) -> None:
    grant, found = await service.grant(ADA, Action.SAVE), await service.found()
    service.switch(calls_per_window=0)
    assert (await service.provider.save(grant.access, found)).asked_to_wait


@pytest.mark.parametrize("body", ["json", "html", "text", "empty"])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_fault_is_tried_again_whether_or_not_it_took_effect(
    service: Played, when: str, body: str
) -> None:
    grant, found = await service.grant(ADA, Action.SAVE), await service.found()
    service.order("error", status=503, when=when, body=body, path="albums|library|likes|userCollection|rate")
    answer = await service.provider.save(grant.access, found)
    assert (answer.verdict, answer.reason) == (Verdict.LATER, "service_error")
    assert len(service.library(ADA)) == (when == "after")
    assert (await service.provider.save(grant.access, found)).good
    assert len(service.library(ADA)) == 1


async def test_a_dropped_line_is_tried_again(service: Played) -> None:
    grant, found = await service.grant(ADA, Action.PLAYLIST), await service.found()
    made = await service.provider.create_playlist(grant.access, "Low tide")
    assert isinstance(made, Playlist)
    whole = (
        service.name == "soundcloud"
    )  # a list that is put back may be put back twice: the network layer does
    service.order("drop", when="after", method="PUT" if whole else "POST", times=2 if whole else 1)
    answer = await service.provider.add_tracks(grant.access, made.id, found.track_ids)
    assert (answer.verdict, answer.reason) == (Verdict.LATER, "network")
    sent = found.track_ids[: service.provider.capabilities.adds_at_once]
    assert await service.provider.playlist_tracks(grant.access, made.id) == list(sent)


async def test_a_page_that_is_no_answer_is_not_believed(service: Played) -> None:
    grant, found = await service.grant(ADA, Action.SAVE), await service.found()
    service.order("garble", body="html", path="albums|library|likes|userCollection|rate", times=2)
    answer = await service.provider.save(grant.access, found)
    if service.name != "youtube":  # whose yes has no body
        assert (answer.verdict, answer.reason) == (Verdict.LATER, "unreadable")
    service.order("garble", body="html", times=1)
    assert outcome(await service.provider.who(grant.access)).verdict is Verdict.LATER


async def test_one_false_no_to_a_token_is_not_the_end(service: Played) -> None:
    grant, found = await service.grant(ADA, Action.SAVE), await service.found()
    service.order("unauthorized", times=1)
    answer = await service.provider.save(grant.access, found)
    assert answer.verdict in (Verdict.DONE, Verdict.LATER)
    assert (await service.provider.save(grant.access, found)).good


async def test_a_permission_taken_back_is_noticed(service: Played) -> None:
    grant, found = await service.grant(ADA, Action.SAVE), await service.found()
    service.sandbox.revoke(service.name, ADA)
    answer = await service.provider.save(grant.access, found)
    if grant.refresh is not None:
        assert (answer.verdict, answer.reason) == (Verdict.LATER, "unauthorized")
        answer = outcome(await service.provider.renew(grant.refresh))
    assert (answer.verdict, answer.reason) == (Verdict.RECONNECT, "grant_dead")


async def test_a_scope_the_fan_withheld_is_named(service: Played) -> None:
    needed = next(iter(service.provider.capabilities.scopes[Action.SAVE]), "")
    if not needed or service.name == "apple_music":
        return  # a permission for everything or nothing
    grant, found = await service.grant(ADA, Action.SAVE, withhold=needed), await service.found()
    assert needed not in grant.scopes
    answer = await service.provider.save(grant.access, found)
    assert (answer.verdict, answer.reason) == (Verdict.REFUSED, "scope_missing")


async def test_a_full_library_is_refused_with_the_reason(service: Played) -> None:
    grant, found = await service.grant(ADA, Action.SAVE), await service.found()
    if service.name == "youtube":
        return  # likes have no end
    service.switch(library_limit=0)
    answer = await service.provider.save(grant.access, found)
    if service.name == "apple_music":  # which takes it and says nothing
        assert (answer.verdict, answer.reason) == (Verdict.LATER, "not_shown_yet")
        return
    assert (answer.verdict, answer.reason) == (Verdict.REFUSED, "library_full")


async def test_no_token_reaches_the_words_of_an_outcome(service: Played) -> None:
    grant, found = await service.grant(ADA, Action.SAVE), await service.found()
    for kind, detail in (("error", {"status": 500}), ("drop", {}), ("unauthorized", {}), ("rate_limit", {})):
        service.order(kind, **detail)
        assert grant.access.reveal() not in repr(await service.provider.save(grant.access, found))


async def test_a_service_that_is_down_is_an_outcome_for_every_call(service: Played) -> None:
    service.order("error", status=502, body="html", times=1000)
    token, provider = Token("any"), service.provider
    found = Found(service.name, Kind.ALBUM, "1", "", "", "", "1", track_ids=("1",))
    artist = Entity(service.name, Kind.ARTIST, "1")
    answers = [
        await provider.exchange(code="c", redirect_uri=REDIRECT, verifier="v" * 43),
        await provider.who(token),
        await provider.save(token, found),
        await provider.is_saved(token, found),
        await provider.follow(token, artist),
        await provider.playlists(token),
        await provider.create_playlist(token, "x"),
        await provider.playlist_tracks(token, "1"),
        await provider.add_tracks(token, "1", ["1"]),
        *[await provider.look_up(**{code: OUT}) for code in ("upc", "isrc") if service.finds_by(code)],
        await provider.release(Kind.ALBUM, "1"),
        await provider.entity(Kind.ARTIST, "1"),
        await provider.search(Kind.ARTIST, "x"),
    ]
    assert {(outcome(one).verdict, outcome(one).reason) for one in answers} == {
        (Verdict.LATER, "service_error")
    }


async def test_renewing_keeps_the_grant_going(service: Played) -> None:
    grant = await service.grant(ADA, Action.SAVE)
    if grant.refresh is None:
        assert grant.expires_in is None
        assert service.provider.capabilities.brings_refresh is False or (
            service.provider.capabilities.grant_life is None
        )
        return
    fresh = await service.provider.renew(grant.refresh)
    assert isinstance(fresh, Grant)
    assert fresh.refresh is not None
    assert (await service.provider.save(fresh.access, await service.found())).good
