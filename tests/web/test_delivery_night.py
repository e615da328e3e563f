"""The delivery page of a night that needs its team: held, pending, stopped, read back; and each thing they answer."""

from datetime import UTC, datetime, timedelta

import pytest
from asgiref.sync import async_to_sync
from django.conf import LazySettings
from django.test import Client

from tests.sandbox_process import Sandbox
from tests.web.desk import desk, person, ready
from tests.web.night_books import Lot, book
from upbeat import clock
from upbeat.campaigns.models import Campaign, ServiceLink
from upbeat.core.delivery import State
from upbeat.delivery.models import Batch, Limiter, PreFlight, Tally
from upbeat.delivery.pace import limiter_key
from upbeat.providers.base import Found
from upbeat.providers.registry import build

pytestmark = pytest.mark.django_db
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
UPC, OTHER_UPC = "859713000100", "859713000209"


@pytest.fixture
def campaign() -> Campaign:
    """Out for three minutes."""
    campaign = ready(person("Ada"))
    campaign.state, campaign.slug, campaign.opens_at = Campaign.PUBLISHED, "night", clock.now() - 3 * MINUTE
    campaign.save()
    return campaign


@pytest.fixture
def client(campaign: Campaign) -> Client:
    return desk(campaign.team.members.get().person)


def page(client: Client, campaign: Campaign, query: str = "") -> str:
    return client.get(f"/dashboard/releases/{campaign.pk}/delivery{query}").content.decode()


def link(campaign: Campaign, service: str = "spotify", **stands: object) -> ServiceLink:
    return ServiceLink.objects.create(release=campaign.release, service=service, **stands)


def answer(client: Client, campaign: Campaign, which: str, **said: str) -> tuple[int, str]:
    reply = client.post(f"/dashboard/releases/{campaign.pk}/delivery/{which}", said)
    return reply.status_code, reply.content.decode()


def catalogue(settings: LazySettings, upc: str) -> Found:
    async def ask() -> Found:
        provider = build("spotify", settings.SERVICES["spotify"])
        try:
            found = await provider.look_up(upc=upc)
        finally:
            await provider.close()
        assert isinstance(found, Found)
        return found

    return async_to_sync(ask)()


def test_a_held_service_shows_both_sides_and_goes_on_when_the_team_says_so(
    client: Client, campaign: Campaign
) -> None:
    seen = {"title": "Night Ferry North (Live)", "artist": "Marlo Venn", "upc": UPC, "track_count": 10}
    now = clock.now()
    link(campaign, service_id="x", held_at=now, seen=seen, differs=["title"], track_ids=["1"])
    book(campaign, [Lot("spotify", State.QUEUED, 62, "held"), Lot("deezer", State.DELIVERED, 3)], now)
    said = page(client, campaign)
    assert "Spotify is held: it found another release" in said
    assert "No fan on Spotify has been touched. 62 wait until you decide. The other services go on." in said
    assert said.count('class="differs"') == 1
    assert "It is right: deliver to 62 fans" in said.replace("</span>", "").replace("\n", "")
    assert "<dialog" in said
    assert '" open>' not in said
    assert '" open>' in page(client, campaign, "?confirm=spotify"), "without script the dialog is a page"
    assert "Held" in client.get("/dashboard").content.decode()
    assert answer(client, campaign, "right", service="spotify")[0] == 302
    mine = ServiceLink.objects.get(service="spotify")
    assert (mine.is_held, mine.decided_by) == (False, campaign.team.members.get().person)
    assert "Delivered to 3 of 65 fans" in page(client, campaign)
    assert answer(client, campaign, "right", service="spotify")[0] == 302, "a second press changes nothing"


def test_a_canary_that_did_not_arrive_can_be_overruled(client: Client, campaign: Campaign) -> None:
    link(campaign, found_at=campaign.opens_at)
    Batch.objects.create(
        campaign=campaign, service="spotify", held_at=clock.now(), canary_read=25, canary_good=19
    )
    book(campaign, [Lot("spotify", State.QUEUED, 40), Lot("spotify", State.DELIVERED, 25)], clock.now())
    said = page(client, campaign)
    assert "Spotify is held: the first fans do not have it" in said
    assert "6 of them do not have the release" in said
    answer(client, campaign, "right", service="spotify")
    assert Batch.objects.get().held_at is None


def test_a_pasted_link_is_looked_at_before_anybody_gets_it(
    client: Client, campaign: Campaign, sandbox: Sandbox, settings: LazySettings
) -> None:
    sandbox.move_to(datetime.now(UTC) + 39 * DAY)  # its catalogue began today, whatever day the pages play
    link(campaign, next_look_at=clock.now() + 52 * MINUTE, looks=63)
    book(campaign, [Lot("spotify", State.PENDING_SOURCE, 412, "not_found_yet")], clock.now())
    assert "412 fans wait: no Spotify link yet" in page(client, campaign)
    wrong = "https://www.deezer.com/album/1"
    status, said = answer(client, campaign, "link", service="spotify", url=wrong)
    assert (status, "This leads to Deezer." in said, f'value="{wrong}"' in said) == (422, True, True)
    right, other = catalogue(settings, UPC), catalogue(settings, OTHER_UPC)
    status, said = answer(client, campaign, "link", service="spotify", url=other.url)
    assert status == 200
    assert "It is right: deliver to 412 fans" in said
    assert 'class="differs"' in said
    _, said = answer(client, campaign, "link", service="spotify", url=right.url)
    assert "Everything we can compare matches what you announced." in said
    assert campaign.deliveries.filter(state=State.PENDING_SOURCE).count() == 412, "only looked at so far"
    answer(client, campaign, "link", service="spotify", url=right.url, do="deliver")
    mine = ServiceLink.objects.get(service="spotify")
    assert (mine.service_id, mine.found_at is not None, mine.pasted) == (right.id, True, True)
    assert campaign.deliveries.filter(state=State.QUEUED).count() == 412


def test_look_again_is_at_once(client: Client, campaign: Campaign) -> None:
    link(campaign, next_look_at=clock.now() + 52 * MINUTE, looks=63)
    book(campaign, [Lot("spotify", State.PENDING_SOURCE, 1, "not_found_yet")], clock.now())
    assert "Not found since" in page(client, campaign)
    answer(client, campaign, "look", service="spotify")
    assert ServiceLink.objects.get().next_look_at is None


def test_a_service_nobody_pre_saved_on_is_not_answered_for(client: Client, campaign: Campaign) -> None:
    for which in ("right", "link", "look"):
        assert answer(client, campaign, which, service="napster")[0] == 404


def test_before_a_stop_says_what_to_do_and_the_night_is_told_in_order(
    client: Client, campaign: Campaign
) -> None:
    Campaign.objects.update(opens_at=clock.now() + 3 * DAY)
    book(campaign, [Lot("deezer", State.WAITING, 7, due_at=clock.now() + 3 * DAY)], clock.now())
    said = page(client, campaign)
    steps = ["Looking for the release", "The page turns", "Canary", "Everyone", "Last fan of the night"]
    places = [said.index(f"<b>{step}</b>") for step in steps]
    assert places == sorted(places)
    assert 'aria-current="step"' in said
    line = {"level": "stop", "what": "Deezer: no key", "sentence": "None is set.", "advice": "Set one.",
            "service": "deezer"}  # fmt: skip
    PreFlight.objects.create(campaign=campaign, occasion="48h", at=clock.now(), lines=[line], worst="stop")
    said = page(client, campaign)
    assert "One thing stops Deezer" in said
    assert "after it, 7 fans would wait" in said
    assert "None is set. Set one." in said


def test_after_it_the_night_is_told_with_what_reading_back_has_shown(
    client: Client, campaign: Campaign
) -> None:
    opens = campaign.opens_at
    assert opens is not None
    link(campaign, found_at=opens - MINUTE)
    link(campaign, "deezer", found_at=opens + MINUTE * 2)
    Batch.objects.create(
        campaign=campaign, service="spotify", canary_began_at=opens, canary_passed_at=opens + 9 * SECOND,
        canary_read=25, canary_good=25, done_at=opens + 61 * SECOND, sample_read=99, sample_good=98,
        sampled_at=opens + 2 * MINUTE,
    )  # fmt: skip
    Batch.objects.create(campaign=campaign, service="deezer", done_at=opens + 150 * SECOND)
    book(
        campaign,
        [Lot("spotify", State.DELIVERED, 900), Lot("spotify", State.NEEDS_FAN, 4, "grant_dead"),
         Lot("deezer", State.DELIVERED, 96, beside=("follow",))],
        opens,
    )  # fmt: skip
    said = page(client, campaign)
    assert "99.6 %. The night took 1 min 1 s; Deezer followed at " in said
    assert "4 of them can still reconnect" in said
    assert "<b>98 of 99 hold the album.</b>" in said
    assert "with 95 % confidence: at least 95." in said
    for step in ("Page turned", "Canary passed", "Last of the night", "Deezer done", "Window closes"):
        assert f'<span class="say">{step}</span>' in said


def test_a_local_release_is_told_midnight_by_midnight(client: Client, campaign: Campaign) -> None:
    now = clock.now()
    campaign.local = True
    campaign.day, campaign.time = (now + timedelta(hours=5)).date(), (now + timedelta(hours=5)).time()
    campaign.time = campaign.time.replace(minute=0, second=0, microsecond=0)
    campaign.derive_moment()
    campaign.save()
    lots = []
    for zone, number in (("Pacific/Auckland", 14), ("America/New_York", 341), ("Pacific/Honolulu", 12)):
        at = campaign.opens_for(zone)
        lots.append(
            Lot("spotify", State.DELIVERED if at <= now else State.WAITING, number, zone=zone, due_at=at)
        )
    book(campaign, lots, now)
    said = page(client, campaign)
    assert "1 of 3 midnights has passed. Next: New York, 341 fans, in " in said
    assert "each waits for its own midnight" in said
    assert '<span class="say">First: Auckland</span>' in said
    assert '<span class="say">Last: Honolulu</span>' in said


def test_the_rate_is_of_now_and_the_time_left_by_the_limits(client: Client, campaign: Campaign) -> None:
    now = clock.now()
    link(campaign, found_at=campaign.opens_at)
    Limiter.objects.create(key=limiter_key("spotify"), rate=10, max_rate=50)
    whole = datetime.fromtimestamp(now.timestamp() // Tally.SECONDS * Tally.SECONDS, UTC)
    for back in range(1, 30):
        Tally.objects.create(
            campaign=campaign,
            service="spotify",
            at=whole - back * Tally.SECONDS * SECOND,
            tried=60,
            delivered=60,
        )
    book(campaign, [Lot("spotify", State.QUEUED, 2400), Lot("spotify", State.DELIVERED, 2000)], now)
    said = page(client, campaign)
    assert "<b>12 a second</b>" in said
    assert "12 / s" in said
    assert "About 1 min 20 s to go." in said, (
        "2,400 saves from 10 calls a second on, half a call more each second"
    )
