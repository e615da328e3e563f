"""Each service stands on the best rung it has: on the fan page and at set-up."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from tests.web.desk import NOW, desk, draft, give_an_app, person, picture, ready, take_the_apps
from upbeat.artists.models import Person
from upbeat.campaigns import covers, listed, offers, publish, setup
from upbeat.campaigns.models import Campaign, Offer
from upbeat.clicks import counter
from upbeat.clicks.models import HourlyCount
from upbeat.core.ladder import Reason, Rung
from upbeat.core.release_clock import Phase
from upbeat.providers.registry import names
from upbeat.web.dashboard.rungs import stands_for
from upbeat.web.fan import public
from upbeat.web.fan.rows import Fallen, services_before
from upbeat.web.standing import stand

pytestmark = pytest.mark.django_db
COUNTDOWN = "https://open.spotify.com/prerelease/1Kqdup6HEqeP3hHXDELQHl"
ALBUM = "https://open.spotify.com/album/4uLU6hMCjMI75M1A2tKUQC"
PRE_ADD = "https://music.apple.com/de/album/paper-harbours/1778204416"


@pytest.fixture(autouse=True)
def no_app(settings: Settings) -> None:
    """The default installation: no credential at all."""
    take_the_apps(settings)


@pytest.fixture
def ada() -> Person:
    return person("Ada")


@pytest.fixture
def campaign(ada: Person) -> Campaign:
    made = ready(ada, day="2026-12-11")
    publish.publish(made, NOW)
    return made


def offer(campaign: Campaign, url: str, verb: str = "") -> Offer:
    added = offers.add(campaign, url, verb=verb)
    assert isinstance(added, Offer)
    return added


def rows(campaign: Campaign, fallen: Fallen | None = None) -> dict[str, tuple[str, str, str]]:
    """Verb, address and note of each row, by service, in their order."""
    found = services_before(Campaign.objects.get(pk=campaign.pk), NOW, (), fallen)
    return {row.service: (row.verb, row.url.removeprefix(f"/{campaign.slug}"), row.note) for row in found}


# --- The fan page ---------------------------------------------------------------------------------------------------
def test_without_any_credential_every_service_reminds(campaign: Campaign) -> None:
    assert rows(campaign) == {name: ("remind", f"/remind?to={name}", "") for name in names()}


def test_a_page_without_link_or_credential_can_be_published(ada: Person) -> None:
    made = draft(ada)
    for question, value in (("title", "Night Ferry North"), ("artist", "Marlo Venn")):
        setup.settle(made, question, {question: value}, NOW)
    setup.settle(made, "when", {"day": "2026-12-11"}, NOW)
    covers.settle_cover(made, picture())
    assert publish.publish(made, NOW) == []
    for name in names():
        listed.switch(made, name, on=False)
    assert [one.problem.code for one in publish.findings(made, NOW)] == ["links_missing"]


def test_a_service_that_saves_comes_before_those_that_remind(campaign: Campaign, settings: Settings) -> None:
    give_an_app(settings, "deezer")
    found = rows(campaign)
    assert next(iter(found.items())) == ("deezer", ("pre-save", "/deezer", ""))
    assert found["spotify"][0] == "remind"


def test_the_team_takes_services_off_and_puts_closed_ones_on(campaign: Campaign) -> None:
    listed.switch(campaign, "tidal", on=False)
    listed.switch(campaign, "qobuz", on=True)
    listed.switch(campaign, "nonsense", on=True)
    assert set(rows(campaign)) == {*names(), "qobuz"} - {"tidal"}
    assert rows(campaign)["qobuz"] == ("remind", "/remind?to=qobuz", "")


@pytest.mark.parametrize(
    ("url", "verb", "service", "native"),
    [
        (COUNTDOWN, "", "spotify", True),
        ("spotify:prerelease:1Kqdup6HEqeP3hHXDELQHl", "", "spotify", True),
        (PRE_ADD, "pre-add", "apple_music", True),
        (ALBUM, "pre-save", "spotify", False),
        ("https://www.deezer.com/album/302127", "pre-save", "deezer", False),
        ("https://shop.example.com/album", "pre-order", "", False),
    ],
)
def test_a_services_own_page_is_told_from_an_ordinary_link(
    campaign: Campaign, url: str, verb: str, service: str, native: bool
) -> None:
    if url.startswith("spotify:"):
        campaign.offers.create(service="spotify", label="Spotify", verb="pre-save", url=url, position=9)
    else:
        offer(campaign, url, verb)
    found = campaign.offers.order_by("id").last()
    assert found is not None
    assert (found.service, listed.is_native(found)) == (service, native)


def test_a_countdown_page_is_the_button_and_offers_a_reminder_beside_it(campaign: Campaign) -> None:
    given = offer(campaign, COUNTDOWN)
    first = services_before(Campaign.objects.get(pk=campaign.pk), NOW, ())[0]
    assert (first.service, first.verb, first.pill) == ("spotify", "pre-save", "solid")
    assert (first.url, first.also_remind_url) == (
        f"/{campaign.slug}/to/{given.pk}",
        f"/{campaign.slug}/remind?to=spotify",
    )
    before, after = public.ways(campaign, Phase.BEFORE), public.ways(campaign, Phase.OUT)
    assert before[f"to/{given.pk}"] == (COUNTDOWN, HourlyCount.NATIVE, "spotify")
    assert after[f"to/{given.pk}"] == (COUNTDOWN, HourlyCount.PLAY, "spotify")


def test_where_we_save_the_countdown_page_is_the_next_rung_and_no_second_row(
    campaign: Campaign, settings: Settings
) -> None:
    give_an_app(settings, "spotify")
    given = offer(campaign, COUNTDOWN)
    assert rows(campaign)["spotify"] == ("pre-save", "/spotify", "")
    fell = rows(campaign, Fallen("spotify", Reason.NOT_OPEN))
    assert fell["spotify"] == ("pre-save", f"/to/{given.pk}", "not_open")


@pytest.mark.parametrize(
    ("reason", "note"),
    [(Reason.NOT_OPEN, "not_open"), (Reason.APP_REFUSED, "app_refused"), (Reason.DOWN, "down")],
)
def test_a_fan_who_fell_is_reminded_of_the_same_service_in_the_same_place(
    campaign: Campaign, settings: Settings, reason: Reason, note: str
) -> None:
    give_an_app(settings, "spotify", "deezer")
    fell = rows(campaign, Fallen("spotify", reason))
    assert list(fell)[:2] == ["spotify", "deezer"]
    assert fell["spotify"] == ("remind", "/remind?to=spotify", note)
    assert fell["deezer"] == ("pre-save", "/deezer", "")


def test_a_permission_that_would_end_before_the_release_is_not_asked_for(
    ada: Person, settings: Settings
) -> None:
    give_an_app(settings, "spotify", "deezer")
    made = ready(ada, day="2027-09-03")
    publish.publish(made, NOW)
    assert rows(made)["spotify"] == ("remind", "/remind?to=spotify", "")
    assert rows(made)["deezer"] == ("pre-save", "/deezer", "")
    assert stand(made, "spotify", NOW).reason is Reason.TOO_FAR
    assert stand(made, "spotify", NOW + timedelta(days=200)).rung is Rung.SAVE


IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/22B83 Instagram 360.0"
)
ANDROID = "Mozilla/5.0 (Linux; Android 15; wv) AppleWebKit/537.36 Chrome/131.0 Mobile [FB_IAB/FB4A;FBAV/490]"
OUT_OF_ANDROID = "#Intent;scheme=http;action=android.intent.action.VIEW;end"


@pytest.mark.parametrize(
    ("agent", "words", "way_out"),
    [
        (IPHONE, "inside Instagram", 'href="x-safari-http://127.0.0.1:8000/{slug}/spotify">Open in Safari'),
        (
            ANDROID,
            "inside Facebook",
            'href="intent://127.0.0.1:8000/{slug}/spotify' + OUT_OF_ANDROID + '">Open in your browser',
        ),
    ],
)
def test_inside_another_app_the_sheet_hands_over_with_the_choice_or_reminds(
    campaign: Campaign, settings: Settings, agent: str, words: str, way_out: str
) -> None:
    give_an_app(settings, "spotify")
    settings.ALLOWED_HOSTS = ["testserver"]
    page = f"/{campaign.slug}/spotify"
    counter.flush()
    sheet = Client().get(page, HTTP_USER_AGENT=agent).content.decode()
    assert words in sheet and way_out.format(slug=campaign.slug) in sheet
    assert f'data-copy="http://127.0.0.1:8000{page}"' in sheet
    assert f'href="/{campaign.slug}/remind?to=spotify">Remind me instead' in sheet
    assert "Continue to" not in sheet
    counter.flush()
    assert HourlyCount.objects.get(campaign=campaign, what=HourlyCount.FELL).subject == "spotify in-app"
    given = offer(campaign, COUNTDOWN)
    sheet = Client().get(page, HTTP_USER_AGENT=agent).content.decode()
    assert f'href="/{campaign.slug}/to/{given.pk}">Pre-save on Spotify’s own page' in sheet
    assert "Continue to Spotify" in Client().get(page, HTTP_USER_AGENT="Mozilla/5.0 Safari").content.decode()


def test_a_fan_is_told_honestly_why_it_is_no_save(ada: Person, settings: Settings) -> None:
    give_an_app(settings, "spotify", "deezer", "tidal")
    settings.ALLOWED_HOSTS = ["testserver"]
    made = ready(ada, day="2027-09-03")
    publish.publish(made, NOW)
    sheet = {
        to: Client().get(f"/{made.slug}/remind?to={to}").content.decode()
        for to in ("spotify", "tidal", "deezer")
    }
    assert "Spotify keeps a permission for 180 days, and" in sheet["spotify"]
    assert "TIDAL keeps a permission for 4 hours, and" in sheet["tidal"]
    assert "keeps a permission" not in sheet["deezer"]


# --- Set-up ---------------------------------------------------------------------------------------------------------
def test_set_up_says_for_which_services_the_day_is_too_far(ada: Person, settings: Settings) -> None:
    give_an_app(settings, "spotify", "deezer")
    made = ready(ada, day="2027-09-03")
    told = {row.service: row for row in stands_for(made, NOW)}
    assert (told["spotify"].rung, told["spotify"].warns) == ("remind", True)
    page = desk(ada).get(f"/dashboard/releases/{made.pk}/page").content.decode()
    assert "Spotify forgets a permission after 180 days, and the release is later." in page
    assert (told["deezer"].rung, told["deezer"].warns) == ("save", False)


def test_a_switch_takes_a_service_off_the_page(ada: Person, campaign: Campaign) -> None:
    address = f"/dashboard/releases/{campaign.pk}/services/tidal"
    answer = desk(ada).post(address, {}, HTTP_HX_REQUEST="true").content.decode()
    assert 'id="on-tidal" name="on">' in answer
    assert "tidal" not in rows(campaign)
    desk(ada).post(address, {"on": "on"})
    assert "tidal" in rows(campaign)
    assert desk(person("Ben")).post(address, {}).status_code == 404


def test_set_up_of_the_default_installation_asks_for_no_credential(ada: Person, campaign: Campaign) -> None:
    client = desk(ada)
    for address in ("/dashboard/releases/new", f"/dashboard/releases/{campaign.pk}/page"):
        page = client.get(address).content.decode()
        assert not re.search(r"CLIENT_ID|client id|secret|credential", page)
