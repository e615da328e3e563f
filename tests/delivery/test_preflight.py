"""The check before a release: what it finds with real services, when it is made, and whom it tells."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.delivery import books
from tests.delivery.night import UPC, Night
from tests.delivery.post_office import post_office
from tests.sandbox_process import Sandbox
from upbeat import clock
from upbeat.artists.models import Member, Person
from upbeat.campaigns.models import Campaign
from upbeat.core.preflight import Level, Line
from upbeat.delivery import worker
from upbeat.delivery.alarm_mail import letter
from upbeat.delivery.models import Alarm, Limiter, PreFlight
from upbeat.delivery.preflight import run as running
from upbeat.delivery.preflight.rounds import make_due, press
from upbeat.delivery.threads import beside
from upbeat.fans.models import Connection
from upbeat.providers import http
from upbeat.providers.base import Token

pytestmark = pytest.mark.django_db(transaction=True)
BY_CODE = "Spotify, Apple Music, Deezer and TIDAL"
"""Those that look by a code; the others are told the link, where anybody waits."""


@pytest.fixture
def night(transactional_db: None, sandbox: Sandbox) -> Iterator[Night]:
    """An hour before the release, with a fan on each service and a worker that lives."""
    http._clocks.clear()
    night = Night(sandbox)
    night.fan("Ada")
    night.fan("Ben", "deezer")
    night.move_to(opens(night) - timedelta(hours=1))
    shown = {"released_at": opens(night).isoformat(), "visible_before": []}
    sandbox.ask("PATCH", f"/_control/releases/{UPC}", shown)
    person = Person.objects.register(email="ana@label.example", name="Ana", password="a ferry at midnight")
    Member.objects.create(team=night.campaign.team, person=person)
    beat()
    yield night
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")


def beat() -> None:
    """A worker shows that it lives."""
    elapsed = "%s" if connection.vendor == "sqlite" else "NOW() + (%s - %s) * INTERVAL '1 second'"
    given = [time.monotonic()] if connection.vendor == "sqlite" else [0, 0]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO procrastinate_workers (last_heartbeat) VALUES ({elapsed})", given)


def opens(night: Night) -> datetime:
    night.campaign.refresh_from_db()
    assert night.campaign.opens_at is not None
    return night.campaign.opens_at


def check(night: Night) -> dict[tuple[str, str], Line]:
    """Press the button, and let its job run. The lines by check and service."""
    made = press(night.campaign, night.now())
    night.run(lambda: running.run(made.pk, now=night.now, wall=lambda: datetime.now(UTC)))
    made.refresh_from_db()
    lines = [Line.from_json(line) for line in made.lines]
    assert [line.level for line in lines] == sorted(
        (line.level for line in lines), key=["stop", "warning", "fine"].index
    ), "trouble comes first"
    return {(line.check, line.service): line for line in lines}


def trouble(lines: dict[tuple[str, str], Line]) -> dict[tuple[str, str], Level]:
    return {key: line.level for key, line in lines.items() if line.level is not Level.FINE}


NO_MAIL = {("mail", ""): Level.WARNING}


def test_a_night_that_is_ready_says_so(night: Night) -> None:
    lines = check(night)
    assert trouble(lines) == NO_MAIL
    assert lines["permissions", ""].sentence == "2 of 2"
    assert lines["found", ""].sentence.startswith(f"on {BY_CODE}, as is usual before the day")
    assert lines["credentials", ""].what == "Keys and rate limits"
    assert lines["house", ""].what == "Clock, disk, database, queue, seals and 1 worker"
    assert not Alarm.objects.exists()
    night.move(minutes=50)
    lines = check(night)
    assert lines["found", "spotify"].level is Level.WARNING, "now it should be there before long"


def test_a_release_that_is_shown_is_compared_with_what_was_announced(night: Night) -> None:
    night.release()
    Campaign.objects.filter(pk=night.campaign.pk).update(opens_at=night.now() + timedelta(hours=1))
    lines = check(night)
    assert trouble(lines) == NO_MAIL
    assert lines["found", ""].sentence == f"on {BY_CODE}, by UPC 859713000100"
    assert lines["match", ""].what == "Title, artist and UPC match"
    night.campaign.release.title = "Day Ferry South"
    night.campaign.release.save()
    lines = check(night)
    assert lines["match", "spotify"].level is Level.STOP
    assert "“Night Ferry North”" in lines["match", "spotify"].sentence
    night.campaign.release.upc = ""
    night.campaign.release.save()
    assert check(night)["found", "deezer"].what == "No way to find the release on Deezer"


def test_a_rotated_secret_stops_and_tells_the_team_until_it_is_put_right(night: Night, settings: Any) -> None:
    good = settings.SERVICES["spotify"], settings.SERVICES["deezer"]
    for one in good:
        name = "spotify" if one is good[0] else "deezer"
        settings.SERVICES[name] = replace(one, client_secret=Token("rotated"))
    lines = check(night)
    assert trouble(lines) == NO_MAIL | {("credentials", name): Level.STOP for name in ("spotify", "deezer")}
    assert "UPBEAT_SPOTIFY_CLIENT_SECRET" in lines["credentials", "spotify"].advice
    alarm = Alarm.objects.get()
    assert alarm.sentence.startswith("2 things need you before the release: Spotify does not accept our key")
    assert "rotated" not in str(PreFlight.objects.get().lines)
    told = letter(alarm, Person.objects.get()).text
    assert "- Stop: Spotify does not accept our key." in told
    assert "UPBEAT_DEEZER_CLIENT_SECRET" in told
    settings.SERVICES["spotify"], settings.SERVICES["deezer"] = good
    assert trouble(check(night)) == NO_MAIL
    alarm.refresh_from_db()
    assert alarm.ended_at is not None


def test_permissions_that_end_before_the_instant_are_counted(night: Night) -> None:
    check(night)
    Connection.objects.filter(service="spotify").update(dies_at=opens(night) - timedelta(minutes=1))
    line = check(night)["permissions", "spotify"]
    assert line.level is Level.WARNING
    assert line.what.startswith("1 permission ends before ")
    assert line.sentence.startswith("0 of 1 on Spotify are good.")
    assert Alarm.objects.get().sentence.startswith("1 permission ends"), "it got worse: the team is told"
    check(night)
    assert Alarm.objects.filter(ended_at=None).count() == 1, "and not told that it is over"


def test_a_service_that_says_nothing_is_a_line_and_no_wait(
    night: Night, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(running, "SECONDS", 0.5)
    night.sandbox.fault("delay", match={"service": "deezer"}, seconds=3)
    night.sandbox.fault("error", match={"service": "spotify", "host": "accounts"}, status=503)
    began = time.monotonic()
    lines = check(night)
    assert time.monotonic() - began < 2.5
    assert lines["credentials", "deezer"].what == "Deezer takes long to answer"
    assert lines["credentials", "spotify"].sentence == "Spotify had a fault."
    assert trouble(lines).keys() == {("credentials", "deezer"), ("credentials", "spotify"), ("mail", "")}


def test_nothing_is_asked_of_a_service_that_asked_us_to_wait(night: Night) -> None:
    Limiter.objects.filter(key__startswith="spotify/").update(paused_until=time.time() + 600)
    line = check(night)["credentials", "spotify"]
    assert line.what == "Spotify asked us to wait"
    assert not night.sandbox.calls(service="spotify")


@pytest.mark.parametrize(("ahead", "level"), [(-9, Level.WARNING), (3600, Level.STOP), (0, Level.FINE)])
def test_our_clock_is_held_against_the_services(night: Night, ahead: int, level: Level) -> None:
    for service in night.sandbox.services:
        night.sandbox.turn(service, clock_seconds_ahead=ahead)
    lines = check(night)
    line = lines.get(("clock", ""), lines.get(("house", "")))
    assert line is not None
    assert line.level is level
    if ahead < 0:
        assert line.what in ("This machine's clock is 9 s ahead", "This machine's clock is 8 s ahead")


def test_seals_that_no_longer_open_stop(night: Night) -> None:
    Connection.objects.filter(service="deezer").update(sealed_access=b"\x02k9 not ours")
    assert trouble(check(night)) == NO_MAIL | {("seals", ""): Level.STOP}


def test_limits_that_are_too_low_for_the_night_are_said(night: Night) -> None:
    Limiter.objects.filter(key__startswith="spotify/").update(rate=0.00002, max_rate=0.00002)
    line = check(night)["limits", "spotify"]
    assert line.what == "Spotify will take 1 day" or "h" in line.what
    assert line.level is Level.WARNING


def test_no_worker_is_said_at_once_and_two_presses_are_one_check(night: Night) -> None:
    one = press(night.campaign, night.now())
    assert one == press(night.campaign, night.now())
    PreFlight.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
    alone = press(night.campaign, night.now())
    assert (alone.worst, alone.lines[0]["what"]) == ("stop", "No worker is running")


def test_each_occasion_comes_once_for_an_instant_and_again_when_the_release_moves() -> None:
    at = books.NOW + timedelta(days=9)
    campaign = books.campaign(at)

    def made(now: datetime) -> list[str]:
        before = set(PreFlight.objects.values_list("pk", flat=True))
        number = make_due(now)
        assert make_due(now) == 0
        new = PreFlight.objects.exclude(pk__in=before)
        assert number == len(new)
        return [one.occasion for one in new]

    assert made(at - timedelta(days=8)) == []
    assert made(at - timedelta(days=7)) == ["7d"]
    assert made(at - timedelta(hours=30)) == ["48h"]
    assert made(at - timedelta(minutes=30)) == ["1h"], "what was missed is not made up for"
    assert made(at) == []
    for moved in (at + timedelta(days=3), at - timedelta(days=1)):
        Campaign.objects.filter(pk=campaign.pk).update(opens_at=moved)
        assert made(moved - timedelta(minutes=59)) == ["1h"]
    Campaign.objects.filter(pk=campaign.pk).update(opens_at=at)
    assert made(at - timedelta(minutes=20)) == [], "moved back to where it was"


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_the_worker_makes_it_by_itself_and_writes_to_the_team(
    night: Night, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.move(opens(night) - timedelta(minutes=30) - clock.now())
    settings.SERVICES["deezer"] = replace(settings.SERVICES["deezer"], client_secret=Token("rotated"))
    with post_office(tmp_path, starttls=True) as office:
        settings.MAIL_SERVER, settings.MAIL_FROM = office.where, "upbeat@music.example"
        monkeypatch.setenv("SSL_CERT_FILE", str(office.certificate))

        async def until_told() -> None:
            stop = asyncio.Event()
            working = asyncio.create_task(worker.run(stop))
            try:
                async with asyncio.timeout(25):
                    while not office.taken or not await beside(Alarm.objects.exclude(mailed_at=None).exists):
                        await asyncio.sleep(0.05)
            finally:
                stop.set()
                await working

        asyncio.run(until_told())
        made = PreFlight.objects.get()
        assert (made.occasion, made.worst, made.opens_at) == ("1h", "stop", opens(night))
        assert [to for to, _ in office.taken] == ["ana@label.example"]
        assert office.taken[0][1]["Subject"] == "Night Ferry North: Deezer does not accept our key"
