"""Asking each service whether it still knows this installation, and keeping what it said."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from upbeat.artists.models import Installation
from upbeat.core.outcome import Outcome, later
from upbeat.providers.registry import build
from upbeat.web.connect.speakers import can_save

PATIENCE = 10.0
"""Seconds a service may take."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What the services said when they were asked, by service; `at` None: never yet."""

    at: datetime | None
    said: Mapping[str, str]

    def is_refused(self, service: str) -> bool:
        return self.said.get(service) == "app_refused"

    def is_silent(self, service: str) -> bool:
        return self.said.get(service, "done") not in ("done", "app_refused")


async def ask_all() -> dict[str, Outcome]:
    """Ask every service this installation has a credential for. Nothing of a fan is in it."""
    services = [service for service in settings.SERVICES if can_save(service)]
    return dict(zip(services, await asyncio.gather(*map(_ask, services)), strict=True))


def keep(said: Mapping[str, Outcome], now: datetime) -> None:
    Installation.the_one()
    reasons = {service: outcome.reason for service, outcome in said.items()}
    Installation.objects.filter(pk=1).update(looked_at=now, looks=reasons)


def kept() -> Looked:
    """What was said last. Of a service without a credential nothing is believed any more."""
    one = Installation.the_one()
    return Looked(one.looked_at, {name: said for name, said in one.looks.items() if can_save(name)})


async def _ask(service: str) -> Outcome:
    provider = build(service, settings.SERVICES[service])
    try:
        async with asyncio.timeout(PATIENCE):
            return await provider.credential()
    except TimeoutError:
        return later("timed_out", "It did not answer in time.")
    finally:
        await provider.close()
