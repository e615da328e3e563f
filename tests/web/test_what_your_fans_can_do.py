"""The page and the check that say on which rung each service stands here, why, and what would raise it."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.web.desk import NOW, desk, give_an_app, person, ready, take_the_apps
from upbeat.artists.models import Person
from upbeat.clicks.models import HourlyCount
from upbeat.core.ladder import Rung
from upbeat.core.outcome import done, later
from upbeat.providers.access import ACCESS, CLOSED
from upbeat.providers.registry import names
from upbeat.web import looks
from upbeat.web.findings import Level
from upbeat.web.service_checks import service_findings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_app(settings: Settings) -> None:
    take_the_apps(settings)


@pytest.fixture
def ada() -> Person:
    return person("Ada")


def test_the_fresh_installation_says_what_would_raise_each_rung(ada: Person) -> None:
    page = desk(ada).get("/dashboard/services").content.decode()
    assert "No mail server is set up" in page and "UPBEAT_SMTP_URL" in page
    for name in names():
        assert ACCESS[name].without.replace("'", "&#x27;") in page
        assert ACCESS[name].register_url in page
    assert "http://127.0.0.1:8000/connect/spotify/callback" in page
    assert "connect/apple_music/callback" not in page
    assert f"{len(names()) + 1} remind" in page
    assert "not looked yet" in page


def test_a_refused_app_is_said_with_what_to_do(ada: Person, settings: Settings) -> None:
    give_an_app(settings, "spotify", "deezer", "tidal")
    looks.keep({"spotify": later("app_refused", "wrong secret"), "deezer": done()}, NOW)
    page = desk(ada).get("/dashboard/services").content.decode()
    assert "Spotify does not accept this installation’s app" in page
    assert "Put in its new secret" in page
    assert "too short to act later" in page
    assert "looked at " in page


def test_fans_who_were_not_let_in_are_told_of(ada: Person, settings: Settings) -> None:
    give_an_app(settings, "spotify")
    row = {"campaign": ready(ada), "hour": NOW, "what": HourlyCount.FELL, "count": 12}
    HourlyCount.objects.create(subject="spotify not-open", **row)
    assert "12 fans met that in the last 30 days." in desk(ada).get("/dashboard/services").content.decode()
    assert "met that" not in desk(person("Ben")).get("/dashboard/services").content.decode()


def test_looking_again_asks_nobody_where_there_is_no_app(ada: Person) -> None:
    client = desk(ada)
    assert client.post("/dashboard/services/look/again").status_code == 302
    assert "No service has an app here" in client.get("/dashboard/services").content.decode()
    assert Client().post("/dashboard/services/look/again").status_code == 302


def test_the_check_says_the_rung_and_the_way_up() -> None:
    told = {one.what: one for one in service_findings(ask=False)}
    spotify = told["Spotify"]
    assert (spotify.level, spotify.rung) == (Level.MISSING, Rung.REMIND)
    assert spotify.sentence == "Fans get a reminder. No app yet."
    assert "Redirect URI to register there: http://127.0.0.1:8000/connect/spotify/callback" in spotify.advice
    assert "UPBEAT_SPOTIFY_CLIENT_ID" in spotify.advice
    assert "unless you own an older app" in told["Deezer"].advice


def test_every_service_we_speak_to_says_how_one_is_let_in() -> None:
    assert set(ACCESS) == set(names())
    assert not set(CLOSED) & set(names())
