"""What stands on the stage before the fans come: an owner, and a campaign as its file describes it."""

import json
import secrets
import subprocess
import sys
import tomllib
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from upbeat.commands.demonstration.stage import Stage, StageError

FILE = Path(__file__).with_name("night-ferry-north.toml")
ZONE = "Europe/Berlin"


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
    kept: bool = False
    """It was there before: nobody is let in again."""


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


def set_up_campaign(stage: Stage, *, lead: timedelta) -> Campaign:
    """The campaign of the file, published, out after `lead` (to the full minute); the services release it then, too.

    Asks for `make_owner` first. StageError with the file's own sentences if it is refused.
    """
    from upbeat import clock
    from upbeat.campaigns import models
    from upbeat.core.zones import zone

    upc = tomllib.loads(FILE.read_text(encoding="utf-8"))["release"]["upc"]
    campaigns = models.Campaign.objects.select_related("release__artist").filter(release__upc=upc)
    found = kept = campaigns.first()
    if found is None:
        opens_at = (clock.now() + lead).replace(second=0, microsecond=0) + timedelta(minutes=1)
        local = opens_at.astimezone(zone(ZONE))
        _create(day=f"{local:%Y-%m-%d}", time=f"{local:%H:%M}")
        found = campaigns.get()
    assert found.slug
    assert found.opens_at
    _tell(f"{stage.sandbox_url}/_control/clock", {"now": clock.now().isoformat()}, "PUT")
    _tell(
        f"{stage.sandbox_url}/_control/releases/{upc}", {"released_at": found.opens_at.isoformat()}, "PATCH"
    )
    release, url = found.release, f"{stage.url}/{found.slug}"
    return Campaign(
        release.title, release.artist.name, found.slug, url, found.opens_at, kept=kept is not None
    )


def _create(**when: str) -> None:
    """Through the same command as everybody's campaigns, in a process of its own."""
    changes = [
        word for key, value in (*when.items(), ("zone", ZONE)) for word in ("--set", f"when.{key}={value}")
    ]
    command = [sys.executable, "-m", "upbeat", "campaign", "create", str(FILE), "--publish", *changes]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StageError(f"{FILE.name} was refused:\n{done.stderr}")


def _tell(url: str, body: dict[str, str], method: str) -> None:
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}, method=method
    )
    urllib.request.urlopen(request, timeout=10).close()
