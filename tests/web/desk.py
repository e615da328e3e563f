"""People at their desks: an owner, somebody of another team, a stranger; and campaigns for them to work on."""

import io
from dataclasses import replace
from datetime import UTC, datetime

from django.test import Client
from PIL import Image
from pytest_django import Settings

from upbeat.artists.models import Member, Person, Team
from upbeat.campaigns import covers, setup
from upbeat.campaigns.models import Campaign
from upbeat.providers.base import Token
from upbeat.providers.registry import defaults, names

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
"""When the desks' tests play, on whatever day they are run."""
PASSWORD = "a ferry at midnight"


def person(name: str, *, team: bool = True) -> Person:
    """Somebody with an account, and with a team of their own unless told otherwise."""
    email = f"{name.lower()}@example.org"
    one = Person.objects.register(email=email, name=name, password=PASSWORD, zone="Europe/Berlin")
    if team:
        Member.objects.create(team=Team.objects.create(name=f"{name}'s"), person=one, role=Member.OWNER)
    return one


def desk(of: Person, *, csrf: bool = False) -> Client:
    """A browser in which this person is signed in."""
    client = Client(enforce_csrf_checks=csrf)
    client.force_login(of)
    return client


def take_the_apps(settings: Settings) -> None:
    """The default installation: no credential at all."""
    settings.SERVICES = {name: defaults(name) for name in names()}


def give_an_app(settings: Settings, *services: str) -> None:
    for name in services:
        has = replace(defaults(name), client_id="ours", client_secret=Token("secret"))
        settings.SERVICES = settings.SERVICES | {name: has}


def picture(side: int = 700) -> bytes:
    """A square cover, as a file."""
    out = io.BytesIO()
    Image.effect_noise((side, side), 40).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def draft(of: Person) -> Campaign:
    team = Team.objects.get(members__person=of)
    return setup.draft(team, zone="Europe/Berlin", now=NOW)


def ready(of: Person, *, title: str = "Night Ferry North", day: str = "2027-03-26") -> Campaign:
    """A campaign with nothing left to put right."""
    campaign = draft(of)
    for question, value in (("title", title), ("artist", "Marlo Venn"), ("upc", "859713000100")):
        assert setup.settle(campaign, question, {question: value}, NOW).trouble is None
    assert setup.settle(campaign, "when", {"day": day, "time": "00:00"}, NOW).trouble is None
    assert covers.settle_cover(campaign, picture()) is None
    campaign.offers.create(label="Store", verb="buy", url="https://shop.example.com/", position=1)
    return campaign
