"""Owner, other team, stranger: what is another team's does not exist."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.web.desk import NOW, desk, person, ready
from upbeat.campaigns import publish
from upbeat.campaigns.models import Campaign

pytestmark = pytest.mark.django_db

READ = ["", "/page", "/share", "/delivery", "/delivery/figures", "/preview", "/preview/before", "/qr.svg"]
READ += ["/fans", "/fans.csv", "/fans.json", "/consents.csv", "/consents.json"]
READ += ["/report", "/report.csv", "/report.json"]
WRITTEN = [
    "/answer",
    "/source",
    "/cover",
    "/links",
    "/links/1",
    "/follows",
    "/follows/1",
    "/publish",
    "/page/move",
    "/page/withdraw",
    "/delivery/check",
    "/delivery/right",
    "/delivery/link",
    "/delivery/look",
    "/jump",
    "/rehearse",
    "/report/links",
    "/report/links/1",
    "/found/spotify",
    "/found/spotify/link",
    "/services/spotify",
]


@pytest.fixture
def campaign() -> Campaign:
    campaign = ready(person("Ada"))
    assert publish.publish(campaign, NOW) == []
    return campaign


def test_every_address_of_a_release_is_tried_here() -> None:
    ours = {
        str(one.pattern).removeprefix("dashboard/releases/<int:id>")
        for part in get_resolver().url_patterns
        for one in part.url_patterns
        if str(one.pattern).startswith("dashboard/releases/<int:id>")
    }
    tried = {re.sub(r"/1$|/before$|/spotify(/link)?$|[.]svg$", "", part) for part in READ + WRITTEN}
    left_out = {"/suggestion"}  # has its own test: test_setup_services
    assert {part.split("/<")[0].split(".<")[0] for part in ours} - left_out == tried


@pytest.mark.parametrize("part", READ)
def test_the_owner_sees_it(campaign: Campaign, part: str) -> None:
    ada = campaign.team.members.get().person
    assert desk(ada).get(f"/dashboard/releases/{campaign.pk}{part}").status_code == 200


@pytest.mark.parametrize("part", READ)
def test_for_another_team_it_does_not_exist(campaign: Campaign, part: str) -> None:
    assert desk(person("Ben")).get(f"/dashboard/releases/{campaign.pk}{part}").status_code == 404


@pytest.mark.parametrize("part", WRITTEN)
def test_another_team_changes_nothing(campaign: Campaign, part: str) -> None:
    typed = {
        "title": "Stolen",
        "url": "https://evil.example.com",
        "who": "spotify:artist:x",
        "source": "859713000407",
    }
    assert desk(person("Ben")).post(f"/dashboard/releases/{campaign.pk}{part}", typed).status_code == 404
    after = Campaign.objects.get(pk=campaign.pk)
    assert (after.release.title, after.version, after.offers.count()) == (
        "Night Ferry North",
        campaign.version,
        1,
    )


@pytest.mark.parametrize("part", READ)
def test_a_stranger_is_sent_to_the_door(campaign: Campaign, part: str) -> None:
    answer = Client().get(f"/dashboard/releases/{campaign.pk}{part}")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("part", WRITTEN)
def test_a_stranger_changes_nothing(campaign: Campaign, part: str) -> None:
    assert Client().post(f"/dashboard/releases/{campaign.pk}{part}", {"title": "Stolen"}).status_code == 302
    assert Campaign.objects.get(pk=campaign.pk).release.title == "Night Ferry North"


def test_a_list_shows_ones_own_releases_alone(campaign: Campaign) -> None:
    ben = person("Ben")
    ready(ben, title="Wake")
    page = desk(ben).get("/dashboard").content.decode()
    assert "Wake" in page
    assert "Night Ferry North" not in page


def test_somebody_without_a_team_starts_nothing() -> None:
    cleo = person("Cleo", team=False)
    assert desk(cleo).post("/dashboard/releases/new", {"start": "empty"}).status_code == 404


def test_no_page_of_the_desk_is_kept_by_a_cache(campaign: Campaign) -> None:
    ada = campaign.team.members.get().person
    answer = desk(ada).get(f"/dashboard/releases/{campaign.pk}/page")
    assert answer.headers["Cache-Control"] == "private, no-store"
