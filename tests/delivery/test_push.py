"""Notifications: what a push service's answers mean, and what a browser reads of what we send."""

import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from tests.sandbox_process import Sandbox
from upbeat.commands.starting.keys import check_keys_of_pages, check_keys_of_worker
from upbeat.commands.starting.refusal import CannotStart
from upbeat.core.outcome import Reach, Verdict
from upbeat.delivery.channels import Message
from upbeat.delivery.channels.push import Push
from upbeat.delivery.channels.push_answers import read
from upbeat.delivery.channels.resting import Resting
from upbeat.delivery.channels.subscription import Subscription
from upbeat.delivery.channels.subscription import read as subscription
from upbeat.delivery.channels.vapid import Vapid, ours
from upbeat.env import SettingError, new_vapid_key, vapid_key
from upbeat.providers import http
from upbeat.providers.base import Token
from upbeat.providers.http import Answer
from upbeat.web.checks import Finding, Level, findings

POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
OUT = Message(
    id="reminder-7-1", language="en", title="Low Tide", artist="Ilse Tarn", kind="album",
    opens_at=datetime(2027, 3, 27, 23, tzinfo=UTC), zone="Europe/Berlin", url="https://tidal.example/1",
    service="TIDAL", page="https://listen.example/low-tide", cover="https://listen.example/media/c-480.jpg",
    receipt="https://listen.example/r/k", stop="https://listen.example/r/k/stop",
)  # fmt: skip


def answer(status: int, **headers: str) -> Answer:
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, b"")


@pytest.mark.parametrize(
    ("status", "verdict", "reason"),
    [
        (200, Verdict.DONE, "done"),
        (201, Verdict.DONE, "done"),
        (202, Verdict.DONE, "done"),
        (204, Verdict.DONE, "done"),
        (301, Verdict.LATER, "service_error"),
        (400, Verdict.LATER, "app_refused"),
        (401, Verdict.LATER, "app_refused"),
        (403, Verdict.LATER, "app_refused"),
        (404, Verdict.REFUSED, "address_dead"),
        (410, Verdict.REFUSED, "address_dead"),
        (413, Verdict.REFUSED, "too_large"),
        (415, Verdict.REFUSED, "push_refused"),
        (429, Verdict.LATER, "rate_limited"),
        (500, Verdict.LATER, "service_error"),
        (503, Verdict.LATER, "service_error"),
    ],
)
def test_what_an_answer_means(status: int, verdict: Verdict, reason: str) -> None:
    outcome = read(answer(status))
    assert (outcome.verdict, outcome.reason, outcome.status) == (verdict, reason, status)
    assert outcome.reach is Reach.FAN


def test_a_wait_that_is_asked_for_is_kept_to_and_is_never_everybodys() -> None:
    outcome = read(answer(429, retry_after="90"))
    assert (outcome.asked_to_wait, outcome.after, outcome.reach) == (True, timedelta(seconds=90), Reach.FAN)
    assert read(answer(503, retry_after="20")).after == timedelta(seconds=20)


@pytest.mark.parametrize(
    ("endpoint", "p256dh", "auth"),
    [
        ("http://push.example/1", POINT, AUTH),
        ("https://push.example:8443/1", POINT, AUTH),
        ("https://me@push.example/1", POINT, AUTH),
        ("https://[::1]/1", POINT, AUTH),
        ("https://10.0.0.1/1", POINT, AUTH),
        ("https://localhost/1", POINT, AUTH),
        ("https://0x7f.1/1", POINT, AUTH),
        ("https:///1", POINT, AUTH),
        ("https://push.example:port/1", POINT, AUTH),
        ("https://push.example/1#2", POINT, AUTH),
        ("https://push.example/1\n", POINT, AUTH),
        ("https://push.example/" + "x" * 1000, POINT, AUTH),
        ("ftp://push.example/1", POINT, AUTH),
        ("", POINT, AUTH),
        ("https://push.example/1", "", AUTH),
        ("https://push.example/1", POINT[:-1] + "x", AUTH),
        ("https://push.example/1", POINT[:40], AUTH),
        ("https://push.example/1", POINT, AUTH[:-2]),
        ("https://push.example/1", POINT, "not base64!"),
    ],
)
def test_what_is_no_subscription_is_not_taken(endpoint: str, p256dh: str, auth: str) -> None:
    assert subscription(endpoint, p256dh, auth, key="k") is None
    assert subscription("https://push.example/1?a=b%2F", POINT, AUTH + "==", key="k") is not None


@pytest.mark.parametrize(
    ("endpoint", "origin"),
    [("https://FCM.example/send/1", "https://fcm.example"), ("https://p.example:443/1", "https://p.example")],
)
def test_a_statement_is_addressed_as_browsers_write_an_origin(endpoint: str, origin: str) -> None:
    assert Subscription(endpoint, POINT, AUTH, "k").origin == origin


@pytest.mark.parametrize(
    ("endpoint", "known"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc:APA91", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/gAAAA", True),
        ("https://web.push.apple.com/QGuQyavXutnMR", True),
        ("https://wns2-par02p.notify.windows.com/w/?token=BQYAAA%3d", True),
        ("https://notify.windows.com.evil.example/w/", False),
        ("https://evilpush.apple.com.example/", False),
        ("https://notpush-apple.com/", False),
    ],
)
def test_the_push_services_of_the_known_browsers_are_told_from_others(endpoint: str, known: bool) -> None:
    found = subscription(endpoint, POINT, AUTH, key="k")
    assert found is not None
    assert found.of_known_service is known


def test_a_host_that_is_silent_or_wants_to_be_left_alone_costs_the_others_nothing() -> None:
    moment = [100.0]
    resting = Resting(lambda: moment[0])
    resting.rest("slow", 60)
    for _ in range(2):
        resting.failed("dead")
    resting.heard("dead")
    for _ in range(3):
        assert resting.left("dead") == 0
        resting.failed("dead")
    assert [round(resting.left(host)) for host in ("slow", "dead", "other")] == [60, 30, 0]
    moment[0] += 45
    assert [round(resting.left(host)) for host in ("slow", "dead")] == [15, 0]


def test_a_statement_is_signed_once_for_each_push_service_and_anew_before_it_ends() -> None:
    vapid, now = Vapid(new_vapid_key("s"), "mailto:me@team.example"), datetime(2027, 1, 1, tzinfo=UTC)
    first = vapid.authorization("https://push.example", now)
    assert vapid.authorization("https://push.example", now + timedelta(hours=5)) == first
    assert vapid.authorization("https://other.example", now) != first
    assert vapid.authorization("https://push.example", now + timedelta(hours=7)) != first
    assert vapid.authorization("https://push.example", now - timedelta(days=30)) != first


def test_the_key_follows_from_the_secret_key_and_a_wrong_one_is_named() -> None:
    assert new_vapid_key("one") == new_vapid_key("one") != new_vapid_key("two")
    assert vapid_key("UPBEAT_VAPID_KEY", new_vapid_key("one") + "=") == new_vapid_key("one")
    for wrong in ("", "x", "A" * 43, "_" * 43, new_vapid_key("one")[:-1]):
        with pytest.raises(SettingError, match="UPBEAT_VAPID_KEY"):
            vapid_key("UPBEAT_VAPID_KEY", wrong)


@pytest.mark.django_db
def test_the_check_says_whether_browsers_may_notify_and_whom_push_services_can_write_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def said() -> Finding:
        return next(one for one in findings() if one.what == "Notifications")

    monkeypatch.setattr(settings, "MAIL_FROM", "Upbeat <upbeat@music.example>")
    assert said().level is Level.GOOD
    assert "mailto:upbeat@music.example" in said().sentence
    monkeypatch.setattr(settings, "MAIL_FROM", "")
    monkeypatch.setattr(settings, "PUBLIC_URL", "https://music.example")
    assert said().sentence.endswith("https://music.example.")
    monkeypatch.setattr(settings, "SANDBOX", False)
    assert said().level is Level.MISSING, "not encrypted, and no sandbox"


class Phone:
    """A browser that subscribed with the sandbox's push service."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox, self._push = sandbox, Push(lambda: datetime.now(UTC))
        wanted = {"application_server_key": ours().public}
        self.made: dict[str, Any] = sandbox.ask("POST", "/_control/push/subscriptions", wanted)

    @property
    def address(self) -> Subscription:
        keys = self.made["keys"]
        found = subscription(
            self.made["endpoint"], keys["p256dh"], keys["auth"], key=ours().public, plain_http=True
        )
        assert found is not None
        return found

    async def remind(self, **other: str) -> Any:
        changed = json.loads(self.address.as_json()) | other
        return await self._push.remind(Token(json.dumps(changed)), OUT)

    def set(self, **how: Any) -> None:
        self._sandbox.ask("PATCH", f"/_control/push/subscriptions/{self.made['id']}", how)

    def messages(self) -> list[dict[str, Any]]:
        query = f"?subscription={self.made['id']}"
        return list(self._sandbox.ask("GET", f"/_control/push/messages{query}")["messages"])


@pytest.fixture
async def phone(sandbox: Sandbox) -> AsyncIterator[Phone]:
    sandbox.reset()
    yield Phone(sandbox)
    await http.close()


async def test_the_browser_reads_what_was_sent(phone: Phone) -> None:
    outcome = await phone.remind()
    assert (outcome.verdict, outcome.status) == (Verdict.DONE, 201)
    (message,) = phone.messages()
    assert json.loads(message["text"]) == {
        "title": "Low Tide is out",
        "body": "Ilse Tarn · Open on TIDAL",
        "url": "https://tidal.example/1",
        "icon": "https://listen.example/media/c-480.jpg",
        "lang": "en",
        "tag": message["topic"],
    }
    assert (message["urgency"], message["ttl"]) == ("high", 14 * 24 * 3600)
    own = "https://" + settings.PUBLIC_URL.partition("://")[2]
    assert message["claims"]["sub"] == own
    assert message["claims"]["exp"] <= time.time() + 12 * 3600


async def test_a_second_try_takes_the_place_of_the_first(phone: Phone) -> None:
    phone.set(online=False)
    for _ in range(2):
        assert (await phone.remind()).good
    phone.set(online=True)
    assert [one["state"] for one in phone.messages()] == ["replaced", "shown"]


async def test_a_subscription_that_ended_is_dead_for_good(phone: Phone) -> None:
    phone.set(state="gone")
    assert (await phone.remind()).reason == "address_dead"
    phone.set(state="unknown")
    assert (await phone.remind()).reason == "address_dead"


async def test_a_wait_keeps_us_from_that_push_service_alone(phone: Phone, sandbox: Sandbox) -> None:
    sandbox.fault("rate_limit", match={"service": "push"}, retry_after=60, times=1)
    first, second = await phone.remind(), await phone.remind()
    assert (first.reason, first.after) == ("rate_limited", timedelta(seconds=60))
    assert second.asked_to_wait
    assert second.after is not None and second.after > timedelta(seconds=50)
    assert len(sandbox.calls(service="push")) == 1


async def test_a_key_that_was_changed_makes_fans_wait_and_buries_nobody(
    phone: Phone, sandbox: Sandbox
) -> None:
    outcome = await phone.remind(key=Vapid(new_vapid_key("another"), "mailto:me@team.example").public)
    assert (outcome.verdict, outcome.reason) == (Verdict.LATER, "app_refused")
    assert sandbox.calls(service="push") == []


async def test_outside_the_sandbox_nothing_private_is_asked(
    phone: Phone, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SANDBOX", False)
    outcome = await Push(lambda: datetime.now(UTC)).remind(Token(phone.address.as_json()), OUT)
    assert (outcome.verdict, outcome.reason) == (Verdict.LATER, "network")
    assert sandbox.calls(service="push") == []


async def test_nothing_of_a_subscription_is_said_when_its_push_service_is_not_there(phone: Phone) -> None:
    outcome = await phone.remind(endpoint="http://127.0.0.1:9/secret-endpoint")
    assert (outcome.verdict, outcome.reason) == (Verdict.LATER, "network")
    assert "secret-endpoint" not in outcome.note


@pytest.mark.django_db
def test_a_machine_that_would_sign_otherwise_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_keys_of_pages() == ""
    check_keys_of_worker()
    monkeypatch.setattr(settings, "VAPID_KEY", new_vapid_key("another"))
    with pytest.raises(CannotStart, match="vapid_key"):
        check_keys_of_worker()
    assert "fans who allowed them get none" in check_keys_of_pages()
    check_keys_of_worker()
