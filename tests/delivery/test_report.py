"""The report: figures that add up, read set by set, with the same fingerprint while they are the same."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.delivery import books
from tests.web.night_books import Lot, book
from upbeat.artists.models import Person
from upbeat.campaigns.models import Campaign
from upbeat.core.delivery import State
from upbeat.delivery.alarms import raise_alarm
from upbeat.delivery.models import Batch, Tally
from upbeat.delivery.report import canonical, fingerprint, report

pytestmark = pytest.mark.django_db
OPENS = datetime(2026, 11, 26, 23, 0, tzinfo=UTC)
NOW = OPENS + timedelta(hours=2)
LOTS = [
    Lot("spotify", State.WAITING, 1),
    Lot("spotify", State.QUEUED, 2),
    Lot("spotify", State.IN_PROGRESS, 3),
    Lot("spotify", State.DELIVERED, 40, "done", ("playlist",), settled_at=OPENS + timedelta(seconds=4)),
    Lot("spotify", State.VERIFIED, 10, "done", settled_at=OPENS + timedelta(minutes=70)),
    Lot("spotify", State.NEEDS_FAN, 4, "grant_dead"),
    Lot("deezer", State.DELIVERED, 5, "done", ("follow",), settled_at=OPENS + timedelta(seconds=31)),
    Lot("deezer", State.PENDING_SOURCE, 6, "not_found_yet"),
    Lot("deezer", State.RETRYING, 7, "rate_limited"),
    Lot("deezer", State.REFUSED, 8, "library_full"),
    Lot("deezer", State.EXPIRED, 9, "service_error"),
    Lot("deezer", State.WITHDRAWN, 11),
]


@pytest.fixture
def campaign() -> Campaign:
    campaign = books.campaign(OPENS)
    Campaign.objects.filter(pk=campaign.pk).update(zone="Europe/Berlin")
    campaign.refresh_from_db()
    book(campaign, LOTS, NOW)
    return campaign


def tally(campaign: Campaign, service: str, after: timedelta, delivered: int) -> None:
    Tally.objects.create(campaign=campaign, service=service, at=OPENS + after, tried=99, delivered=delivered)


def test_all_eleven_states_add_up_to_the_pre_saves(campaign: Campaign) -> None:
    found = report(campaign, NOW)
    fans = found.fans
    assert {lot.state for lot in LOTS} == set(State)
    assert sum(fans.states.values()) == campaign.pre_saves.count()
    assert fans.counted + fans.withdrawn == campaign.pre_saves.count()
    assert fans.delivered + fans.queued + fans.pending_source + fans.could_not_be_delivered == fans.counted
    for state in State:
        assert fans.states[state] == sum(lot.number for lot in LOTS if lot.state is state)
        assert fans.states[state] == sum(one.fans.states[state] for one in found.services)
    reasons = [why.number for one in found.services for why in one.reasons]
    assert sum(reasons) == fans.could_not_be_delivered


def test_each_service_tells_its_first_and_last_and_what_was_done_besides(campaign: Campaign) -> None:
    spotify, deezer = report(campaign, NOW).services
    assert (spotify.first_at, spotify.last_at) == (
        OPENS + timedelta(seconds=4),
        OPENS + timedelta(minutes=70),
    )
    assert (deezer.first_at, deezer.last_at) == (OPENS + timedelta(seconds=31),) * 2
    assert (spotify.playlists_delivered, deezer.follows_delivered) == (40, 5)


def test_hours_are_those_of_the_releases_zone(campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(zone="Asia/Kolkata")  # five and a half hours ahead
    campaign.refresh_from_db()
    tally(campaign, "spotify", timedelta(seconds=5), 30)
    tally(campaign, "spotify", timedelta(minutes=29), 10)
    tally(campaign, "spotify", timedelta(minutes=31), 10)
    tally(campaign, "deezer", timedelta(minutes=31), 5)
    tally(campaign, "deezer", timedelta(minutes=40), 0)
    hours = report(campaign, NOW).hours
    half = timedelta(minutes=30)
    assert [(one.at - OPENS, one.service, one.delivered) for one in hours] == [
        (-half, "spotify", 40),
        (half, "deezer", 5),
        (half, "spotify", 10),
    ]
    assert sum(one.delivered for one in hours) == report(campaign, NOW).fans.delivered


def test_what_was_read_back_and_who_decided_is_told(campaign: Campaign) -> None:
    person = Person.objects.register(email="rea@example.org", name="Rea Marlow", password="x" * 12)
    link = books.out(campaign)
    link.differs, link.decided_at, link.decided_by = ["title"], OPENS, person
    link.save()
    Batch.objects.create(
        campaign=campaign, service="spotify", canary_read=5, canary_good=5, sample_read=40, sample_good=39
    )
    raise_alarm(campaign, "held", "Spotify shows another title.", NOW, service="spotify")
    found = report(campaign, NOW)
    spotify = found.services[0]
    assert spotify.decision
    assert (spotify.decision.differs, spotify.decision.decided_by) == (["title"], "Rea Marlow")
    assert spotify.proof
    assert 0.8 < spotify.proof.at_least < 39 / 40
    assert [one.sentence for one in found.alarms] == ["Spotify shows another title."]


def test_the_same_figures_have_the_same_fingerprint(campaign: Campaign) -> None:
    first, later = report(campaign, NOW), report(campaign, NOW + timedelta(hours=5))
    assert first.fingerprint == later.fingerprint == fingerprint(json.loads(canonical(first.figures)))
    campaign.deliveries.filter(state=State.PENDING_SOURCE).update(state=State.QUEUED)
    assert report(campaign, NOW).fingerprint != first.fingerprint


def test_it_is_final_when_nobody_is_open_or_the_window_has_closed(campaign: Campaign) -> None:
    assert not report(campaign, NOW).is_final
    assert report(campaign, OPENS + timedelta(days=14)).is_final
    open_ones = campaign.deliveries.filter(next_at__isnull=False)
    open_ones.update(state=State.DELIVERED, next_at=None, settled_at=NOW)
    assert report(campaign, NOW).is_final
    assert not report(campaign, OPENS - timedelta(hours=1)).is_final


def test_it_asks_the_same_few_questions_whatever_the_number_of_fans(campaign: Campaign) -> None:
    with CaptureQueriesContext(connection) as few:
        report(campaign, NOW)
    book(campaign, [Lot("spotify", State.DELIVERED, 3_000, "done")], NOW)
    with CaptureQueriesContext(connection) as many:
        assert report(campaign, NOW).fans.delivered == 3_055
    assert len(many) == len(few) <= 8


def test_nothing_of_a_fan_is_in_it(campaign: Campaign) -> None:
    text = canonical(report(campaign, NOW).figures).decode()
    for fan in campaign.team.fans.all()[:5]:
        assert fan.code not in text
    assert "account" not in text
