"""The release night, end to end: what we promised against what is in the services' libraries."""

import asyncio
from datetime import timedelta

import pytest
from django.db.models import F

from tests.delivery import books
from tests.delivery.night import Night, states
from tests.sandbox_process import Sandbox
from upbeat.campaigns.models import ServiceLink
from upbeat.delivery.models import Attempt, Chunk, Delivery, Limiter
from upbeat.delivery.plan import plan_completion, plan_save, replan
from upbeat.delivery.threads import beside
from upbeat.fans.models import Connection, PreSave
from upbeat.fans.tokens import keep_tokens
from upbeat.providers.base import Grant, Kind, Token

pytestmark = pytest.mark.django_db(transaction=True)

ALBUM = "Night Ferry North"


@pytest.fixture
def night(transactional_db: None, sandbox: Sandbox) -> Night:
    return Night(sandbox)


def saved(night: Night, name: str, service: str = "spotify") -> list[str]:
    return [album["name"] for album in night.sandbox.fan(name, service)["albums"]]


def test_a_pre_save_becomes_an_album_in_the_fans_library(night: Night) -> None:
    night.fan("Ada")
    night.deliver()
    assert saved(night, "Ada") == []
    night.release()
    night.deliver()
    assert states() == [("save", "delivered", "done")]
    assert saved(night, "Ada") == [ALBUM]


def playlist(night: Night, name: str, title: str, service: str = "spotify") -> list[str]:
    """The tracks of the one playlist of that title."""
    (found,) = [one for one in night.sandbox.fan(name, service)["playlists"] if one["name"] == title]
    return [track["name"] for track in found["tracks"]]


TRACKS = [
    "Gangway",
    "Night Ferry North",
    "Harbour Lights",
    "Cabin 214",
    "Salt on the Receiver",
    "Lower Deck Waltz",
    "Slow Semaphore",
    "Duty Free Moon",
    "Wake",
    "First Light, Skagen",
]


def test_everybody_is_served_exactly_once_on_both_services(night: Night) -> None:
    for number in range(20):
        night.fan(f"Fan {number}", "spotify" if number % 2 else "deezer")
    night.release()
    for _ in range(3):
        night.deliver()
    for number in range(20):
        fan = night.sandbox.fan(f"Fan {number}", "spotify" if number % 2 else "deezer")
        assert [one["name"] for one in fan["albums"]] == [ALBUM]
    writes = [
        call
        for call in night.sandbox.calls(service="spotify", method="PUT")
        if call["path"] == "/v1/me/library"
    ]
    assert len(writes) == 10
    assert {state for _, state, _ in states()} == {"delivered"}
    assert [call["wrong"] for call in night.sandbox.calls(wrong=1)] == []


@pytest.mark.parametrize("service", ["spotify", "deezer"])
def test_a_new_playlist_is_made_on_the_day_with_every_track_in_order(night: Night, service: str) -> None:
    night.fan("Ada", service, playlist="Friday")
    assert night.sandbox.fan("Ada", service)["playlists"] == []
    night.release()
    night.deliver()
    assert playlist(night, "Ada", "Friday", service) == TRACKS


@pytest.mark.parametrize("service", ["spotify", "deezer"])
def test_a_playlist_of_the_fans_own_keeps_what_it_has_and_gets_what_it_lacks(
    night: Night, service: str
) -> None:
    night.sandbox.grants(service, [], names=["Ada"], playlists=True)
    mine = next(
        one for one in night.sandbox.fan("Ada", service)["playlists"] if one["name"] == "Evening walks"
    )
    had = [track["id"] for track in mine["tracks"]]
    night.fan("Ada", service, playlist="Evening walks", playlist_id=mine["id"])
    night.release()
    night.deliver()
    ours = ServiceLink.objects.get(service=service).track_ids
    has = next(
        one for one in night.sandbox.fan("Ada", service)["playlists"] if one["name"] == "Evening walks"
    )
    assert [track["id"] for track in has["tracks"]] == had + [track for track in ours if track not in had]


FAULTS = {
    "an error after the effect": {"kind": "error", "status": 500, "when": "after"},
    "a connection cut after the effect": {"kind": "drop", "when": "after"},
    "an error before the effect": {"kind": "error", "status": 500, "when": "before"},
    "a connection cut before the effect": {"kind": "drop", "when": "before"},
}


@pytest.mark.parametrize("service", ["spotify", "deezer"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("at", ["creation", "adding"])
def test_a_playlist_is_made_and_filled_once_though_the_answer_was_lost(
    night: Night, service: str, fault: dict[str, object], at: str
) -> None:
    path = {
        ("spotify", "creation"): "/playlists$",
        ("spotify", "adding"): "/items$",
        ("deezer", "creation"): "/user/me/playlists$",
        ("deezer", "adding"): "/playlist/[0-9]+/tracks$",
    }[service, at]
    night.fan("Ada", service, playlist="Friday")
    night.release()
    night.sandbox.fault(**fault, times=1, match={"service": service, "method": "POST", "path": path})
    night.deliver()
    night.deliver()  # too early to look: nothing may happen
    assert len(night.sandbox.calls(service=service, fault=1)) == 1
    night.move(seconds=45)
    night.deliver()
    assert playlist(night, "Ada", "Friday", service) == TRACKS
    assert [state for action, state, _ in states() if action == "playlist"] == ["delivered"]


def test_a_rate_limit_pauses_the_whole_application_and_loses_nobody(night: Night) -> None:
    for number in range(8):
        night.fan(f"Fan {number}")
    night.release()
    night.sandbox.fault(
        "rate_limit", retry_after=3600, times=1, match={"service": "spotify", "path": "/me/library"}
    )
    night.deliver()
    done = [row for row in Delivery.objects.all() if row.state == "delivered"]
    assert len(done) < 8
    before = len(night.sandbox.calls(service="spotify", host="api"))
    night.deliver()
    assert len(night.sandbox.calls(service="spotify", host="api")) == before, (
        "nobody calls inside a Retry-After"
    )
    assert all(row.failures == 0 for row in Delivery.objects.all()), "a wait is not a failure"
    Limiter.objects.update(paused_until=0)
    night.move(hours=2)
    night.deliver()
    assert {state for _, state, _ in states()} == {"delivered"}


def test_a_revoked_grant_needs_the_fan_and_says_why(night: Night) -> None:
    for name, service in (("Ada", "spotify"), ("Ben", "deezer")):
        night.fan(name, service)
        night.sandbox.revoke(service, name)
    night.release()
    night.deliver()
    night.deliver()
    assert [row[1:] for row in states(action="save")] == [("retrying", "grant_doubted")] * 2
    night.move(minutes=16)  # nobody else is there to show that the services are in their right mind
    night.deliver()
    assert [row[1:] for row in states(action="save")] == [("needs_fan", "grant_dead")] * 2
    assert all(row.note for row in Delivery.objects.filter(action="save"))
    assert all(one.dead_at and not bytes(one.sealed_access) for one in Connection.objects.all())


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_false_401_is_not_a_failure(night: Night, times: int) -> None:
    night.fan("Ada")
    night.release()
    night.sandbox.fault("unauthorized", times=times, match={"service": "spotify", "path": "/me/library"})
    night.deliver()
    assert states() == [("save", "delivered", "done")]


def test_deezers_false_word_about_a_grant_is_not_believed_once(night: Night) -> None:
    night.fan("Ada", "deezer")
    night.release()
    night.sandbox.fault("deezer_error", code=300, times=1, match={"service": "deezer", "path": "albums"})
    night.deliver()
    night.move(minutes=5)
    night.deliver()
    assert {state for _, state, _ in states()} == {"delivered"}


def test_withheld_permission_is_refused_with_the_reason(night: Night) -> None:
    night.fan("Ada")
    night.sandbox.reset()
    grant = night.sandbox.grants("spotify", ["user-follow-modify"], names=["Ada"])[0]
    connection = Connection.objects.get()
    keep_tokens(
        connection.pk,
        connection.token_version,
        Grant(Token(grant["access_token"]), Token(grant["refresh_token"]), timedelta(hours=1), frozenset()),
        night.now(),
    )
    night.release()
    night.deliver()
    assert states() == [("save", "refused", "scope_missing")]


def test_the_release_that_is_not_there_yet_is_waited_for_by_one_look(night: Night) -> None:
    for number in range(5):
        night.fan(f"Fan {number}")
    assert night.campaign.opens_at is not None
    night.campaign.opens_at = night.now() + timedelta(days=1)
    night.campaign.save()
    replan(night.campaign, night.now())
    night.move_to(night.campaign.opens_at + timedelta(seconds=1))
    night.deliver()
    assert {row[1:] for row in states()} == {("pending_source", "not_found_yet")}
    assert ServiceLink.objects.get(service="spotify").looks == 1, "one look for all fans"
    searches = len(night.sandbox.calls(service="spotify", path="/v1/search"))
    night.deliver()
    assert len(night.sandbox.calls(service="spotify", path="/v1/search")) == searches, "and not at every turn"


def test_who_waited_goes_out_when_the_release_appears(night: Night) -> None:
    for number in range(5):
        night.fan(f"Fan {number}")
    assert night.campaign.opens_at is not None
    shown_at = night.campaign.opens_at
    night.campaign.opens_at -= timedelta(days=7)
    night.campaign.save()
    replan(night.campaign, night.now())
    night.move_to(night.campaign.opens_at + timedelta(hours=1))
    night.deliver()
    assert {state for _, state, _ in states()} == {"pending_source"}
    night.move_to(shown_at + timedelta(hours=2))
    night.deliver()
    assert {state for _, state, _ in states()} == {"delivered"}
    assert saved(night, "Fan 3") == [ALBUM]
    link = ServiceLink.objects.get(service="spotify")
    assert link.found_at is not None and link.url.startswith("http") and len(link.track_ids) == 10


def test_patience_ends_after_fourteen_days(night: Night) -> None:
    night.fan("Ada")
    night.campaign.release.upc = "859713009990"
    night.campaign.release.save()
    night.release()
    night.deliver()
    assert [row[1] for row in states()] == ["pending_source"]
    night.move(days=14)
    night.deliver()
    assert [row[1:] for row in states()] == [("expired", "not_found_yet")]


def test_a_date_moved_later_serves_nobody_early(night: Night) -> None:
    pre_save = night.fan("Ada")
    assert night.campaign.opens_at is not None
    night.move_to(night.campaign.opens_at - timedelta(seconds=30))
    night.deliver()  # cut, and laid out for the old instant
    night.campaign.opens_at += timedelta(days=3)
    night.campaign.save()
    replan(night.campaign, night.now())
    night.move(days=2)
    night.deliver()
    assert saved(night, "Ada") == []
    night.release()
    night.deliver()
    assert saved(night, "Ada") == [ALBUM]
    assert pre_save.deliveries.count() == 1


def test_a_job_that_was_overtaken_changes_nothing_more(night: Night) -> None:
    for number in range(6):
        night.fan(f"Fan {number}")
    night.release()
    night.sandbox.fault("delay", seconds=0.6, match={"service": "spotify", "path": "/me/library"})

    async def overtaken() -> None:
        slow = asyncio.create_task(night.turn())
        while not await beside(Delivery.objects.filter(state="in_progress").exists):
            await asyncio.sleep(0.02)
        await beside(Chunk.objects.update, epoch=F("epoch") + 1)
        await slow

    night.run(overtaken)
    assert {state for _, state, _ in states()} == {"in_progress"}
    assert not Attempt.objects.exists()


def test_a_date_moved_while_the_run_is_on_stops_it(night: Night) -> None:
    night.crowd("spotify", 250)
    night.release()
    night.sandbox.fault("delay", seconds=2, match={"service": "spotify", "path": "/me/library"})
    night.campaign.opens_at = night.now() + timedelta(days=3)

    async def moved() -> None:
        running = asyncio.create_task(night.turn())
        while not await beside(night.sandbox.calls, service="spotify", path="/me/library"):
            await asyncio.sleep(0.05)
        await beside(night.campaign.save)
        await beside(replan, night.campaign, night.now())
        await running

    night.run(moved)
    before = len(night.sandbox.calls(service="spotify", path="/me/library"))
    assert before < 250, "the rest is not called any more"
    night.deliver()
    assert len(night.sandbox.calls(service="spotify", path="/me/library")) == before
    assert {state for _, state, _ in states()} <= {"waiting", "delivered"}


@pytest.mark.parametrize("service", ["spotify", "deezer"])
def test_in_hard_weather_everybody_gets_everything_once(night: Night, service: str) -> None:
    for number in range(30):
        night.fan(f"Fan {number}", service, playlist="Friday")
    night.release()
    match = {"service": service, "host": "api"}
    night.sandbox.fault("error", status=500, when="after", probability=0.2, match=match)
    night.sandbox.fault("drop", when="after", probability=0.1, match=match)
    night.sandbox.fault("error", status=503, when="before", probability=0.1, match=match)
    for _ in range(12):
        night.deliver()
        night.move(minutes=45)
    night.sandbox.no_faults()
    night.move(hours=3)
    night.deliver()
    assert {state for _, state, _ in states()} == {"delivered"}
    for number in range(30):
        assert saved(night, f"Fan {number}", service) == [ALBUM]
        assert playlist(night, f"Fan {number}", "Friday", service) == TRACKS


def test_spotify_follows_happen_at_once_and_exactly_those_approved(night: Night) -> None:
    artists = night.ask("spotify", lambda spotify: spotify.search(Kind.ARTIST, "Marlo Venn"))
    others = night.ask("spotify", lambda spotify: spotify.search(Kind.ARTIST, "Sable"))
    approved = books.target(night.campaign, artists[0].id, main=True)
    books.target(night.campaign, others[0].id)
    pre_save = night.fan("Ada")
    books.choose(pre_save, approved)
    chunk = plan_completion(pre_save, night.now())
    assert chunk is not None
    assert night.perform(chunk) is None
    assert [one["name"] for one in night.sandbox.fan("Ada")["artists"]] == ["Marlo Venn"]
    assert saved(night, "Ada") == []
    assert not Chunk.objects.exists(), "a fan's own chunk goes when it has served"


def test_deezers_artist_is_followed_on_the_day_and_not_before(night: Night) -> None:
    night.fan("Ada", "deezer")
    night.deliver()
    assert night.sandbox.fan("Ada", "deezer")["artists"] == []
    night.release()
    night.deliver()
    assert [one["name"] for one in night.sandbox.fan("Ada", "deezer")["artists"]] == ["Marlo Venn"]


def test_tokens_are_gone_after_the_delivery(night: Night) -> None:
    night.fan("Ada", playlist="Friday")
    night.release()
    night.deliver()
    connection = Connection.objects.get()
    assert (bytes(connection.sealed_access), bytes(connection.sealed_refresh), connection.scopes) == (
        b"",
        b"",
        [],
    )


def test_two_campaigns_renew_a_shared_permission_once(night: Night) -> None:
    first = night.fan("Ada")
    assert night.campaign.opens_at is not None
    other = books.campaign(
        night.campaign.opens_at, upc="859713000407", team=night.campaign.team, title="Paper Harbours"
    )
    plan_save(books.wish(other, first.connection, now=night.now()), night.now())
    night.release()
    night.deliver()
    renewals = night.sandbox.calls(service="spotify", host="accounts", path="/api/token", user="Ada")
    assert len(renewals) == 1
    assert sorted(saved(night, "Ada")) == [ALBUM, "Paper Harbours"]


def test_a_fault_of_our_own_costs_one_fan_a_try_and_nobody_else_anything(night: Night) -> None:
    night.fan("Ada")
    night.fan("Ben")
    Connection.objects.filter(pre_saves__fan=PreSave.objects.earliest("id").fan).update(
        sealed_refresh=b"\x01x?"
    )
    night.release()
    night.deliver()
    assert [row[1:] for row in states()] == [("retrying", "error"), ("delivered", "done")]


def test_a_run_cut_short_keeps_what_has_come_back(night: Night) -> None:
    for number in range(4):
        night.fan(f"Fan {number}")
    night.release()
    night.sandbox.fault("delay", seconds=30, after=2, match={"service": "spotify", "path": "/me/library"})

    async def cut_short() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(night.turn(), 1)

    night.run(cut_short)
    assert sorted(state for _, state, _ in states()) == ["delivered", "delivered", "queued", "queued"]
