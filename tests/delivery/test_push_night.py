"""The instant of a crowd that asked to be notified: every living browser is told, the others end quietly."""

import asyncio
import json
import logging
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from tests.delivery import books
from tests.delivery.books import DAY, NOW
from tests.sandbox_process import Sandbox
from upbeat.campaigns.models import Campaign
from upbeat.core.channels import PUSH
from upbeat.delivery.channels.subscription import read
from upbeat.delivery.channels.vapid import public_key
from upbeat.delivery.counts import counts
from upbeat.delivery.cut import cut
from upbeat.delivery.messenger import close_messengers
from upbeat.delivery.models import Chunk, Delivery
from upbeat.delivery.perform import perform_chunk
from upbeat.delivery.plan import plan_reminder
from upbeat.delivery.reconcile import reconcile
from upbeat.fans.models import Connection
from upbeat.fans.reminders import record_reminder
from upbeat.providers import http

pytestmark = pytest.mark.django_db(transaction=True)

OUT = NOW + DAY


@pytest.fixture
def campaign(sandbox: Sandbox) -> Campaign:
    sandbox.reset()
    campaign = books.campaign(OUT, title="Low Tide")
    books.out(campaign, "spotify")
    return campaign


def phones(sandbox: Sandbox, campaign: Campaign, number: int) -> list[str]:
    """Browsers that allowed it; their ids."""
    ids, key = [], public_key()
    for _ in range(number):
        made = sandbox.ask("POST", "/_control/push/subscriptions", {"application_server_key": key})
        keys = made["keys"]
        to = read(made["endpoint"], keys["p256dh"], keys["auth"], key=key, plain_http=True)
        assert to is not None
        with transaction.atomic():
            kept = record_reminder(
                campaign, PUSH, known_by=to.endpoint, address=to.as_json(), towards="spotify", language="en",
                zone="", fan_code=None, now=NOW,
            )  # fmt: skip
            plan_reminder(kept.recorded.pre_save, NOW)
        ids.append(made["id"])
    return ids


def deliver(campaign: Campaign, at: datetime) -> None:
    """One turn of the crank."""

    async def all_of_them() -> None:
        chunks = Chunk.objects.order_by("id").values_list("pk", flat=True)
        try:
            for chunk in await asyncio.to_thread(lambda: list(chunks)):
                await perform_chunk(chunk, now=lambda: at)
        finally:
            await close_messengers()
            await http.close()

    cut(campaign, at)
    reconcile(at)
    asyncio.run(all_of_them())


def told(sandbox: Sandbox) -> dict[str, list[dict[str, Any]]]:
    """What each browser showed."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in sandbox.ask("GET", "/_control/push/messages")["messages"]:
        assert one["problem"] == ""
        assert one["state"] == "shown"
        found.setdefault(one["subscription"], []).append(json.loads(one["text"]))
    return found


def ends() -> Counter[tuple[str, str]]:
    return Counter(Delivery.objects.values_list("state", "reason"))


def test_every_living_browser_is_told_once_and_the_rest_end_quietly(
    campaign: Campaign, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ids = phones(sandbox, campaign, 40)
    for gone in ids[:5]:
        sandbox.ask("PATCH", f"/_control/push/subscriptions/{gone}", {"state": "gone"})
    deliver(campaign, OUT)
    assert ends() == {("delivered", "done"): 35, ("refused", "address_dead"): 5}
    shown = told(sandbox)
    assert set(shown) == set(ids[5:])
    assert all(
        [one["url"] for one in messages] == ["https://example.com/the-album"] for messages in shown.values()
    )
    assert len({messages[0]["tag"] for messages in shown.values()}) == 35
    assert not Connection.objects.exclude(sealed_access=b"").exists(), "forgotten, and buried"
    assert Connection.objects.filter(dead_at__isnull=False).count() == 5
    figures = counts(campaign).all.fans
    assert (figures.delivered, figures.could_not_be_delivered) == (35, 5)
    deliver(campaign, OUT + timedelta(minutes=5))
    assert told(sandbox) == shown, "each once"
    said = "\n".join(one.getMessage() for one in caplog.records)
    assert not any(one in said for one in ids), "nobody can write to a fan who reads our log"


def test_a_bad_night_at_the_push_service_loses_nobody_and_shows_each_one_thing(
    campaign: Campaign, sandbox: Sandbox
) -> None:
    ids = phones(sandbox, campaign, 30)
    for kind, how in (
        ("drop", {"when": "after"}),
        ("error", {"status": 503}),
        ("rate_limit", {"retry_after": 30}),
        ("unauthorized", {}),
    ):
        sandbox.fault(kind, match={"service": "push"}, times=2, **how)
    at = OUT
    for _ in range(8):
        deliver(campaign, at)
        if not Delivery.objects.filter(next_at__isnull=False).exists():
            break
        at += timedelta(minutes=40)
    assert ends() == {("delivered", "done"): 30}
    shown = told(sandbox)
    assert set(shown) == set(ids)
    for messages in shown.values():
        assert len({one["tag"] for one in messages}) == 1, "a second one takes the place of the first"
