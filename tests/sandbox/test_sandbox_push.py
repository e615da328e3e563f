"""The sandbox's push service as a stranger meets it: with a sender's libraries, over HTTP."""

import base64
import json
import urllib.error
import urllib.request
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from tests.sandbox.stranger import Stranger
from upbeat_sandbox.push.encryption import Unreadable, decrypt, encoded, point


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Sender:
    """An application server with a key of its own."""

    def __init__(self, sandbox: Stranger) -> None:
        self.sandbox, self.vapid = sandbox, Vapid02()
        self.vapid.generate_keys()
        self.key = encoded(point(self.vapid.public_key))

    def subscribe(self) -> dict[str, Any]:
        wanted = {"application_server_key": self.key}
        return dict(self.sandbox.control("POST", "/push/subscriptions", wanted))

    def claims(self, **other: Any) -> dict[str, Any]:
        url = urlsplit(self.sandbox.url)
        until = int(datetime.now(UTC).timestamp()) + 3600
        return {"aud": f"{url.scheme}://{url.netloc}", "exp": until, "sub": "mailto:me@team.example"} | other

    def encrypt(self, to: dict[str, Any], text: str) -> bytes:
        made = ec.generate_private_key(ec.SECP256R1())
        keys = to["keys"]
        return bytes(
            http_ece.encrypt(
                text.encode(), private_key=made, dh=raw(keys["p256dh"]), auth_secret=raw(keys["auth"])
            )
        )

    def send(self, to: dict[str, Any], body: bytes = b"", **headers: str | None) -> Any:
        """The answer's status, headers and body. A header that is None is left out."""
        sent = {"TTL": "60", "Content-Encoding": "aes128gcm"} | self.vapid.sign(self.claims())
        wanted = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in (sent | wanted).items() if value is not None}
        request = urllib.request.Request(to["endpoint"], body, sent, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return (
                    answer.status,
                    {name.lower(): value for name, value in answer.headers.items()},
                    answer.read(),
                )
        except urllib.error.HTTPError as refusal:
            return (
                refusal.code,
                {name.lower(): value for name, value in refusal.headers.items()},
                refusal.read(),
            )

    def messages(self) -> list[dict[str, Any]]:
        return list(self.sandbox.control("GET", "/push/messages")["messages"])


@pytest.fixture
def sender(sandbox: Stranger) -> Sender:
    return Sender(sandbox)


def test_it_reads_the_example_of_rfc_8291() -> None:
    private = ec.derive_private_key(
        int.from_bytes(raw("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big"), ec.SECP256R1()
    )
    body = raw(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
        "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert (
        decrypt(body, private, raw("BTBZMqHH6r4Tts7J_aSIgg")) == b"When I grow up, I want to be a watermelon"
    )
    with pytest.raises(Unreadable):
        decrypt(body, private, raw("BTBZMqHH6r4Tts7J_aSIgA"))


def test_a_message_is_decrypted_and_shown(sender: Sender) -> None:
    phone = sender.subscribe()
    status, headers, _ = sender.send(
        phone, sender.encrypt(phone, '{"title": "Ä"}'), Urgency="high", Topic="t-1"
    )
    assert (status, headers["ttl"]) == (201, "60")
    assert headers["location"].startswith(sender.sandbox.url)
    (message,) = sender.messages()
    assert (message["text"], message["state"]) == ('{"title": "Ä"}', "shown")
    assert (message["ttl"], message["urgency"], message["topic"]) == (60, "high", "t-1")
    assert message["claims"]["sub"] == "mailto:me@team.example"


def test_what_no_browser_can_read_is_taken_all_the_same_and_noted(sender: Sender) -> None:
    phone, other = sender.subscribe(), sender.subscribe()
    assert sender.send(phone, sender.encrypt(other, "for somebody else"))[0] == 201
    assert sender.messages()[0]["text"] is None
    assert "do not open it" in sender.messages()[0]["problem"]
    assert sender.sandbox.control("GET", "/calls?service=push&wrong=1")["calls"]


@pytest.mark.parametrize(
    ("headers", "status", "errno"),
    [
        ({"TTL": None}, 400, 111),
        ({"TTL": "soon"}, 400, 112),
        ({"TTL": "-1"}, 400, 112),
        ({"Topic": "with a space"}, 400, 113),
        ({"Topic": "x" * 33}, 400, 113),
        ({"Urgency": "very"}, 400, 114),
        ({"Content_Encoding": "aesgcm"}, 400, 110),
        ({"Authorization": None}, 401, 109),
        ({"Authorization": "WebPush a.b.c"}, 401, 109),
        ({"Authorization": "vapid t=a.b.c,k=BA"}, 401, 109),
    ],
)
def test_a_header_that_is_wrong_is_refused(
    sender: Sender, headers: dict[str, str | None], status: int, errno: int
) -> None:
    phone = sender.subscribe()
    answer = sender.send(phone, sender.encrypt(phone, "x"), **headers)
    assert (answer[0], json.loads(answer[2])["errno"]) == (status, errno)
    assert sender.messages() == []


@pytest.mark.parametrize(
    "claim",
    [{"aud": "https://push.example"}, {"exp": 1}, {"exp": 4_000_000_000}, {"sub": "mailto:"}, {"sub": "me"}],
)
def test_a_statement_that_does_not_hold_is_refused(sender: Sender, claim: dict[str, Any]) -> None:
    phone, lax = sender.subscribe(), Vapid02(sender.vapid.private_key, {"no-strict": True})
    signed = lax.sign(sender.claims(**claim))["Authorization"]
    assert sender.send(phone, b"", Authorization=signed)[0] == 401


def test_a_changed_statement_is_refused(sender: Sender) -> None:
    phone = sender.subscribe()
    other = sender.vapid.sign(sender.claims(sub="mailto:them@team.example"))["Authorization"]
    mine = sender.vapid.sign(sender.claims())["Authorization"]
    head, _, signature = mine.partition(",k=")[0].split(".")
    forged = ".".join([head, other.split(".")[1], signature]) + ",k=" + sender.key
    assert sender.send(phone, b"", Authorization=forged)[0] == 401


def test_only_whose_key_it_was_made_for_may_send(sandbox: Stranger, sender: Sender) -> None:
    phone, stranger = sender.subscribe(), Sender(sandbox)
    assert stranger.send(phone, b"")[0] == 403


def test_a_subscription_ends_and_a_message_may_be_too_large(sender: Sender) -> None:
    phone = sender.subscribe()
    where = f"/push/subscriptions/{phone['id']}"
    assert sender.send(phone, b"x" * 4097)[0] == 413
    sender.sandbox.control("PATCH", where, {"state": "gone"})
    assert sender.send(phone)[0] == 410
    sender.sandbox.control("PATCH", where, {"state": "unknown"})
    assert sender.send(phone)[0] == 404
    assert sender.send(phone | {"endpoint": phone["endpoint"] + "x"})[0] == 404


def test_a_newer_message_of_the_same_topic_takes_the_place_of_one_that_is_kept(sender: Sender) -> None:
    phone = sender.subscribe()
    where = f"/push/subscriptions/{phone['id']}"
    sender.sandbox.control("PATCH", where, {"online": False})
    for text in ("first", "second"):
        sender.send(phone, sender.encrypt(phone, text), Topic="one")
    sender.send(phone, sender.encrypt(phone, "short"), TTL="0")
    sender.sandbox.later(seconds=30)
    sender.sandbox.control("PATCH", where, {"online": True})
    assert [(one["text"], one["state"]) for one in sender.messages()] == [
        ("first", "replaced"),
        ("second", "shown"),
        ("short", "expired"),
    ]


def test_a_crowd_subscribes_in_one_call(sender: Sender) -> None:
    wanted = {"application_server_key": sender.key, "count": 300}
    made = sender.sandbox.control("POST", "/push/subscriptions", wanted)["subscriptions"]
    assert len({one["endpoint"] for one in made}) == len({one["keys"]["p256dh"] for one in made}) == 300
    assert (
        sender.sandbox.ask("POST", "/_control/push/subscriptions", data=wanted | {"count": 0}).status == 400
    )


def test_faults_can_be_ordered_for_it(sender: Sender) -> None:
    phone = sender.subscribe()
    sender.sandbox.fault("rate_limit", match={"service": "push"}, retry_after=7, times=1)
    status, headers, _ = sender.send(phone)
    assert (status, headers["retry-after"]) == (429, "7")
    sender.sandbox.fault(
        "error", match={"service": "push", "user": phone["id"]}, status=503, when="after", times=1
    )
    assert sender.send(phone)[0] == 503
    assert len(sender.messages()) == 1
    assert sender.send(phone)[0] == 201
