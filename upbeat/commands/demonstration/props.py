"""What stands on the stage before the fans come: an owner, and a campaign as its file describes it."""

import secrets
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Owner:
    """Who signs in to the dashboard. The password is made for this one evening."""

    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """The campaign on the stage."""

    title: str
    artist: str
    slug: str
    url: str
    opens_at: datetime


def django_ready() -> None:
    """Django on the stage's own settings, its database up to date. Once the stage is set."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def make_owner() -> Owner:
    from upbeat.artists.models import Member, Person, Team

    owner = Owner("owner@upbeat.example", "-".join(secrets.token_hex(2) for _ in range(3)))
    person = Person.objects.filter(email=owner.email).first()
    if person is None:
        person = Person.objects.register(email=owner.email, name="Marlo Venn", password=owner.password)
        team = Team.objects.create(name="Tidewater Tapes")
        Member.objects.create(team=team, person=person, role=Member.OWNER)
    person.set_password(owner.password)
    person.save()
    return owner
