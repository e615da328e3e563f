"""Makes campaigns in a product's database, in that product's environment: one for each line of JSON on its input."""

import asyncio
import json
import sys
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import django

django.setup()

from django.conf import settings  # noqa: E402

from upbeat import clock  # noqa: E402
from upbeat.artists.models import Artist, Team  # noqa: E402
from upbeat.campaigns.models import Campaign, FollowTarget, Release, ServiceLink  # noqa: E402
from upbeat.providers.base import Entity, Kind  # noqa: E402
from upbeat.providers.registry import build  # noqa: E402

FOLLOWED = ("Marlo Venn", "DJ Kettlewell")


async def followed() -> list[Entity]:
    provider = build("spotify", settings.SERVICES["spotify"])
    found = [await provider.search(Kind.ARTIST, name) for name in FOLLOWED]
    await provider.close()
    return [one[0] for one in found if isinstance(one, list)]


def campaign(spec: dict[str, Any], follows: list[Entity]) -> None:
    now = clock.now()
    team, _ = Team.objects.get_or_create(name="Skerry Records")
    artist, _ = Artist.objects.get_or_create(team=team, name=spec.pop("artist", "Marlo Venn"))
    title = spec.pop("title", "Night Ferry North")
    release = Release.objects.create(artist=artist, title=title, upc="859713000100", track_count=10)
    seconds, with_follows = spec.pop("opens_in", None), spec.pop("follows", True)
    links = spec.pop("links", {})
    offers = spec.pop("offers", [])
    if "day" in spec:
        spec["day"] = date.fromisoformat(spec["day"])
    made = Campaign(
        release=release,
        created_at=now,
        **{
            "state": "published",
            "published_at": now,
            "day": (now + timedelta(days=11)).date(),
            "time": time(0, 0),
            "zone": "Europe/Berlin",
        }
        | spec,
    )
    made.derive_moment()
    if seconds is not None:
        moment = now + timedelta(seconds=seconds)
        local = moment.astimezone(ZoneInfo("Europe/Berlin"))
        made.opens_at, made.day, made.time = moment, local.date(), local.time()
    made.save()
    for service in {"spotify": "", "deezer": "", **links}:
        found = {"url": links[service], "found_at": now, "track_ids": ["one"]} if service in links else {}
        ServiceLink.objects.create(release=release, service=service, **found)
    for place, entity in enumerate(follows if with_follows else []):
        FollowTarget.objects.create(
            campaign=made,
            service="spotify",
            kind="artist",
            service_id=entity.id,
            name=entity.name,
            main=place == 0,
            ticked=place == 0,
            position=place,
        )
    for offer in offers:
        made.offers.create(**offer)


if __name__ == "__main__":
    entities = asyncio.run(followed()) if settings.SERVICES["spotify"].client_id else []
    for line in sys.stdin:
        campaign(json.loads(line), entities)
        print("made", flush=True)
