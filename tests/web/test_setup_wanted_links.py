"""Services whose catalogue knows no codes: set-up asks for the link, looks at once where it leads, and compares."""

import pytest
from django.test import Client

from tests.sandbox_process import Sandbox
from tests.web.desk import NOW, desk, person, ready
from upbeat.artists.models import Person
from upbeat.campaigns import listed, publish
from upbeat.campaigns.fill_in import source_of
from upbeat.campaigns.models import Campaign

pytestmark = pytest.mark.django_db
OUT_ALREADY, NOT_OUT_YET = "859713000407", "859713000100"
ASKS = "SoundCloud finds nothing by UPC or ISRC."


@pytest.fixture
def ada() -> Person:
    return person("Ada")


@pytest.fixture
def client(ada: Person, sandbox: Sandbox) -> Client:
    return desk(ada)


@pytest.fixture
def campaign(client: Client, ada: Person) -> Campaign:
    return ready(ada)


def page(client: Client, campaign: Campaign) -> str:
    return client.get(f"/dashboard/releases/{campaign.pk}/page").content.decode()


def paste(client: Client, campaign: Campaign, url: str, **headers: str) -> str:
    there = f"/dashboard/releases/{campaign.pk}/found/soundcloud/link"
    answer = client.post(there, {"url": url}, headers=headers or {"HX-Request": "true"}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def link_there(sandbox: Sandbox, upc: str) -> str:
    return str(sandbox.ask("GET", f"/_control/releases/{upc}")["soundcloud"]["url"])


def test_the_link_is_asked_for_and_kept_even_before_it_leads_anywhere(
    client: Client, campaign: Campaign, sandbox: Sandbox
) -> None:
    assert ASKS in page(client, campaign)
    said = paste(client, campaign, link_there(sandbox, NOT_OUT_YET) + "?si=abc&utm_source=clipboard")
    assert ASKS not in said
    assert "soundcloud.com/marlo-venn/sets/night-ferry-north" in said
    link = campaign.release.links.get(service="soundcloud")
    assert (link.pasted, link.found_at, link.service_id) == (True, None, "marlo-venn/sets/night-ferry-north")
    assert source_of(campaign.release).startswith("8 59713"), "the release was filled in from its code"


def test_a_link_to_another_release_is_shown_beside_what_was_announced(
    client: Client, campaign: Campaign, sandbox: Sandbox
) -> None:
    said = paste(client, campaign, link_there(sandbox, OUT_ALREADY))
    assert "differs" in said
    assert "Paper Harbours" in said
    assert campaign.release.links.get(service="soundcloud").found_at is None


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://open.spotify.com/album/4iV5W9uYEdYUVa79Axb7Rh", "This leads to Spotify."),
        ("https://soundcloud.com/marlo-venn", "and not a release."),
        ("", "There is nothing here yet."),
        ("no link at all", "Paste the SoundCloud link of the album or song."),
    ],
)
def test_what_is_no_link_of_a_release_there_is_refused_and_stays_in_the_field(
    client: Client, campaign: Campaign, url: str, words: str
) -> None:
    said = paste(client, campaign, url)
    assert words in said
    assert f'value="{url}"' in said
    assert words in paste(client, campaign, url, accept="text/html"), "without script"
    assert not campaign.release.links.filter(service="soundcloud").exists()


def test_a_published_page_takes_the_link_as_well(
    client: Client, campaign: Campaign, sandbox: Sandbox
) -> None:
    publish.publish(campaign, NOW)
    assert ASKS in page(client, campaign)
    paste(client, campaign, link_there(sandbox, NOT_OUT_YET))
    assert campaign.release.links.get(service="soundcloud").pasted


def test_a_service_that_is_not_on_the_page_is_not_asked_for(client: Client, campaign: Campaign) -> None:
    listed.switch(campaign, "soundcloud", on=False)
    assert ASKS not in page(client, campaign)


def test_filling_the_same_release_in_again_keeps_it_and_another_release_does_not(
    client: Client, campaign: Campaign, sandbox: Sandbox
) -> None:
    paste(client, campaign, link_there(sandbox, NOT_OUT_YET))
    fill_in_again, links = f"/dashboard/releases/{campaign.pk}/source", campaign.release.links
    client.post(fill_in_again, {"source": NOT_OUT_YET})
    assert links.get(service="soundcloud").service_id == "marlo-venn/sets/night-ferry-north"
    client.post(fill_in_again, {"source": OUT_ALREADY})
    assert links.filter(service="spotify").exists()
    assert not links.filter(service="soundcloud").exists()
