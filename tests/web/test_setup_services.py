"""Set-up with the services at hand: what is pasted fills itself in, and a service that is down costs nothing."""

import re
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client

from tests.sandbox_process import Sandbox
from tests.web.desk import NOW, desk, draft, person, ready
from upbeat.artists.models import Person
from upbeat.campaigns import publish, setup
from upbeat.campaigns.models import Campaign, Release
from upbeat.providers.base import Token
from upbeat.providers.registry import capabilities, names
from upbeat.web.fan.rows import playable

pytestmark = pytest.mark.django_db
OUT_ALREADY, NOT_OUT_YET = "859713000407", "859713000100"
PAPER_HARBOURS = 8
BY_CODE = {name for name in names() if capabilities(name).finds_by}
"""The services whose catalogue can be asked for a UPC."""
MARLO = "https://open.spotify.com/artist/4jfVyTe1hEeT6ow4HWW9nL?si=abc"
CARTOGRAPHERS = "spotify:artist:eoMuJcP1KmrmraNQBKXsit"


@pytest.fixture
def ada() -> Person:
    return person("Ada")


@pytest.fixture
def client(ada: Person, sandbox: Sandbox) -> Client:
    return desk(ada)


def pasted(client: Client, text: str) -> Campaign:
    answer = client.post("/dashboard/releases/new", {"source": text})
    assert answer.status_code == 302, answer.content.decode()
    return Campaign.objects.get()


def test_a_upc_fills_the_release_in_from_every_service(client: Client) -> None:
    campaign = pasted(client, f"UPC {OUT_ALREADY}")
    release = campaign.release
    assert (release.title, release.artist.name, release.kind) == ("Paper Harbours", "Marlo Venn", "album")
    assert (release.upc, release.track_count) == (OUT_ALREADY, PAPER_HARBOURS)
    links = {link.service: link for link in release.links.all()}
    assert set(links) == BY_CODE
    assert all(link.found_at and len(link.track_ids) == PAPER_HARBOURS for link in links.values())
    assert set(release.artist.ids) == BY_CODE
    main = campaign.follow_targets.get(service="spotify")
    assert (main.main, main.name, main.service_id) == (True, "Marlo Venn", "4jfVyTe1hEeT6ow4HWW9nL")


@pytest.mark.parametrize("service", sorted(BY_CODE))
def test_a_link_fills_the_release_in_and_finds_the_other_services(client: Client, service: str) -> None:
    url = pasted(client, OUT_ALREADY).release.links.get(service=service).url
    Campaign.objects.all().delete()
    campaign = pasted(client, url)
    assert campaign.release.title == "Paper Harbours"
    assert campaign.release.links.get(service=service).pasted
    assert campaign.release.links.exclude(found_at=None).count() == len(BY_CODE)
    page = client.get(f"/dashboard/releases/{campaign.pk}/page").content.decode()
    assert f'value="{url.removeprefix("https://").removeprefix("www.")}"' in page
    assert "Filled in from" in page


def test_the_picture_of_a_service_is_a_suggestion_for_the_team_alone(client: Client) -> None:
    campaign = pasted(client, OUT_ALREADY)
    assert campaign.release.cover is None
    address = f"/dashboard/releases/{campaign.pk}/suggestion"
    assert client.get(address).headers["Content-Type"] == "image/jpeg"
    assert desk(person("Ben")).get(address).status_code == 404


def test_a_release_nobody_shows_yet_is_normal(client: Client) -> None:
    campaign = pasted(client, NOT_OUT_YET)
    assert (campaign.release.title, campaign.release.upc) == ("", NOT_OUT_YET)
    page = client.get(f"/dashboard/releases/{campaign.pk}/page").content.decode()
    assert "Nothing found yet under this UPC: fill in by hand, we look again at the release." in page


def test_a_service_that_is_down_is_said_and_the_other_one_fills_in(client: Client, sandbox: Sandbox) -> None:
    sandbox.fault("error", match={"service": "spotify"}, status=503)
    campaign = pasted(client, OUT_ALREADY)
    assert campaign.release.title == "Paper Harbours"
    said = client.get(f"/dashboard/releases/{campaign.pk}/page").content.decode()
    assert re.search(r"Filled in from [^.]*Deezer[^.]*\. Spotify", said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("859713000101", "The last digit does not fit."),
        (
            "https://open.spotify.com/playlist/4G4OcQzxFB90nocEIU2bvU",
            "This is a playlist, and not a release.",
        ),
        ("https://www.qobuz.com/de-de/album/x/abc", "where we cannot look"),
        ("https://low.lnk.to/tide", "which leads to several services"),
        ("what is this", "This is not a link."),
        ("", "There is nothing here yet."),
    ],
)
def test_what_is_no_release_is_refused_and_nothing_is_begun(client: Client, text: str, said: str) -> None:
    answer = client.post("/dashboard/releases/new", {"source": text})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Campaign.objects.exists()


def test_one_can_start_without_anything(client: Client) -> None:
    client.post("/dashboard/releases/new", {"start": "empty"})
    assert Campaign.objects.get().release.title == ""


# --- Found elsewhere -------------------------------------------------------------------------------------------------
@pytest.fixture
def nobody(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """At an installation that has no app anywhere."""
    for name, has in settings.SERVICES.items():
        without = replace(has, client_id="", client_secret=Token(""))
        monkeypatch.setitem(settings.SERVICES, name, without)
    return client


def test_without_any_app_one_link_finds_the_release_where_nobody_needs_one(nobody: Client) -> None:
    campaign = pasted(nobody, OUT_ALREADY)
    assert campaign.release.title == "Paper Harbours"
    url = campaign.release.links.get(service="deezer").url
    Campaign.objects.all().delete()
    links = pasted(nobody, url).release.links
    assert set(links.exclude(found_at=None).values_list("service", flat=True)) == {"deezer", "apple_music"}
    apple = links.get(service="apple_music")
    assert (apple.differs, apple.pasted, len(apple.track_ids)) == ([], False, PAPER_HARBOURS)


def test_a_link_of_a_service_we_cannot_ask_is_kept_on_the_teams_word(nobody: Client) -> None:
    url = "https://open.spotify.com/album/4uLU6hMCjMI75M1A2tKUQC"
    campaign = pasted(nobody, f"{url}?si=1")
    link = campaign.release.links.get()
    assert (link.url, link.pasted, link.found_at is not None) == (url, True, True)
    page = nobody.get(f"/dashboard/releases/{campaign.pk}/page").content.decode()
    assert "This installation has no app at Spotify, so it cannot look there." in page


def test_what_differs_waits_for_the_teams_word(nobody: Client, sandbox: Sandbox) -> None:
    sandbox.turn("apple_music", lookup_titles=[f"{OUT_ALREADY}=Paper Harbours (Live)"])
    campaign = pasted(nobody, OUT_ALREADY)
    release, address = campaign.release, f"/dashboard/releases/{campaign.pk}"
    if release.title != "Paper Harbours":
        setup.settle(campaign, "title", {"title": "Paper Harbours"}, NOW)
    nobody.post(f"{address}/source", {"source": release.links.get(service="deezer").url})
    apple = release.links.get(service="apple_music")
    assert (apple.differs, apple.found_at) == (["title"], None)
    page = nobody.get(f"{address}/page").content.decode()
    assert "Apple Music: is it this one? Look at what differs below." in page
    assert "you announced Paper Harbours, Apple Music has Paper Harbours (Live)." in page
    assert {link.service for link in playable(campaign)} == {"deezer"}
    said = nobody.post(f"{address}/found/apple_music", {"do": "confirm"}, HTTP_HX_REQUEST="true")
    assert "you confirmed it" in said.content.decode()
    assert {link.service for link in playable(campaign)} == {"deezer", "apple_music"}
    nobody.post(f"{address}/source", {"source": release.links.get(service="deezer").url})
    assert release.links.get(service="apple_music").found_at, "the word holds for the same release"


def test_what_is_not_this_one_is_forgotten(nobody: Client, sandbox: Sandbox) -> None:
    sandbox.turn("apple_music", lookup_titles=[f"{OUT_ALREADY}=Other Harbours"])
    url = pasted(nobody, OUT_ALREADY).release.links.get(service="deezer").url
    Campaign.objects.all().delete()
    campaign = pasted(nobody, url)
    ben = desk(person("Ben"))
    address = f"/dashboard/releases/{campaign.pk}/found/apple_music"
    assert ben.post(address, {"do": "confirm"}).status_code == 404
    assert nobody.post(address, {"do": "reject"}).status_code == 302
    assert not campaign.release.links.filter(service="apple_music").exists()
    page = nobody.get(f"/dashboard/releases/{campaign.pk}/page").content.decode()
    assert "Not on Apple Music yet." in page


# --- Follows ---------------------------------------------------------------------------------------------------------
def follow(client: Client, campaign: Campaign, who: str, **more: str) -> str:
    address = f"/dashboard/releases/{campaign.pk}/follows"
    return client.post(address, {"who": who, **more}, HTTP_HX_REQUEST="true").content.decode()


def playlist(client: Client, campaign: Campaign, name: str) -> str:
    """The URI of the first playlist a search finds."""
    found = re.search(r"spotify:playlist:\w{22}", follow(client, campaign, name))
    assert found is not None
    return found[0]


def test_a_link_and_a_uri_of_the_same_artist_are_the_same(ada: Person, client: Client) -> None:
    campaign = draft(ada)
    follow(client, campaign, CARTOGRAPHERS)
    said = follow(client, campaign, "https://open.spotify.com/intl-de/artist/eoMuJcP1KmrmraNQBKXsit")
    assert "“The Quiet Cartographers” is in the list already." in said
    assert campaign.follow_targets.get().name == "The Quiet Cartographers"


def test_a_picture_is_kept_on_our_own_host(ada: Person, client: Client) -> None:
    campaign = draft(ada)
    follow(client, campaign, CARTOGRAPHERS)
    assert campaign.follow_targets.get().image.startswith("avatars/")


def test_words_are_searched(ada: Person, client: Client) -> None:
    campaign = draft(ada)
    said = follow(client, campaign, "Songs for the Crossing")
    assert re.search(r'value="spotify:playlist:\w{22}"', said)
    assert "<b>Songs for the Crossing</b>" in said
    assert not campaign.follow_targets.exists()


@pytest.mark.parametrize(
    ("link", "said"),
    [
        (
            "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC",
            "This is a song, and it cannot be followed.",
        ),
        (
            "https://open.spotify.com/album/4uLU6hMCjMI75M1A2tKUQC",
            "This is an album, and it cannot be followed.",
        ),
        ("spotify:show:4uLU6hMCjMI75M1A2tKUQC", "This is a podcast, and it cannot be followed."),
        ("https://open.spotify.com/artist/short", "is not a whole id"),
        ("https://www.deezer.com/artist/1", "This leads to Deezer, and follows are made on Spotify."),
        ("spotify:artist:0000000000000000000000", "Spotify knows nothing under this link."),
    ],
)
def test_what_cannot_be_followed_is_refused_and_stays(
    ada: Person, client: Client, link: str, said: str
) -> None:
    campaign = draft(ada)
    answer = follow(client, campaign, link)
    assert said in answer
    assert f'value="{link}"' in answer
    assert not campaign.follow_targets.exists()


def test_the_fourth_is_refused_in_the_form(ada: Person, client: Client) -> None:
    campaign = draft(ada)
    follow(client, campaign, MARLO, main="1")
    songs, tidewater, slow = (
        playlist(client, campaign, name) for name in ("Songs for", "Tidewater", "Slow Boats")
    )
    for link in (CARTOGRAPHERS, songs, tidewater):
        follow(client, campaign, link)
    said = follow(client, campaign, slow)
    assert "A page can ask for three follows besides the artist. “Slow Boats” would be the fourth." in said
    assert "Remove one above, then add it." in said
    assert campaign.follow_targets.count() == 4
    last = campaign.follow_targets.last()
    assert last is not None
    client.post(f"/dashboard/releases/{campaign.pk}/follows/{last.pk}", {"do": "remove"})
    follow(client, campaign, slow)
    assert campaign.follow_targets.filter(name="Slow Boats").exists()


def test_the_main_artist_stays_ticked(ada: Person, client: Client) -> None:
    campaign = draft(ada)
    follow(client, campaign, MARLO, main="1")
    follow(client, campaign, CARTOGRAPHERS)
    for target in campaign.follow_targets.all():
        client.post(f"/dashboard/releases/{campaign.pk}/follows/{target.pk}", {})
    assert dict(campaign.follow_targets.values_list("main", "ticked")) == {True: True, False: False}


# --- Mending a published page ----------------------------------------------------------------------------------------
def test_a_link_pasted_later_is_compared_and_leaves_the_pages_words(ada: Person, client: Client) -> None:
    url = pasted(client, OUT_ALREADY).release.links.get(service="spotify").url
    Campaign.objects.all().delete()
    campaign = ready(ada)
    publish.publish(campaign, NOW)
    client.post(f"/dashboard/releases/{campaign.pk}/source", {"source": url})
    links = Campaign.objects.get(pk=campaign.pk).release.links
    assert Campaign.objects.get(pk=campaign.pk).release.title == "Night Ferry North"
    assert links.exclude(held_at=None).count() == len(BY_CODE) and not links.exclude(found_at=None).exists()
    page = client.get(f"/dashboard/releases/{campaign.pk}/page").content.decode()
    assert re.search("Spotify, .* and .* show another release than you announced", page)
    Release.objects.update(title="Paper Harbours", upc="")
    client.post(f"/dashboard/releases/{campaign.pk}/source", {"source": url})
    assert links.exclude(found_at=None).count() == len(BY_CODE) and not links.exclude(held_at=None).exists()


def test_another_code_lets_go_of_what_was_found_under_the_first(client: Client) -> None:
    campaign = pasted(client, OUT_ALREADY)
    setup.settle(campaign, "upc", {"upc": NOT_OUT_YET}, NOW)
    assert not campaign.release.links.exists()
