"""Control: the push service's subscriptions, and what became of the messages."""

from typing import Any

from upbeat_sandbox.control.asking import Ask, Wrong, on, whole
from upbeat_sandbox.push.encryption import decoded, on_curve
from upbeat_sandbox.push.store import ACTIVE, GONE, UNKNOWN, Subscription

STATES = (ACTIVE, GONE, UNKNOWN)
MOST_AT_ONCE = 10_000


@on("GET", "/push/subscriptions", "", "every browser that subscribed")
def subscriptions(ask: Ask) -> dict[str, Any]:
    return {"subscriptions": [one.as_dict(ask.origin) for one in ask.world.push.subscriptions.values()]}


@on(
    "POST",
    "/push/subscriptions",
    "",
    'a browser subscribes: {"application_server_key": base64url of 65 bytes}; '
    'the answer is what PushSubscription.toJSON() gives a page; with "count" as many of them in "subscriptions"',
)
def subscribe(ask: Ask) -> dict[str, Any]:
    data = ask.only("application_server_key", "count")
    key, count = data.get("application_server_key"), whole(data.get("count", 1), "count", 1, MOST_AT_ONCE)
    try:
        on_curve(decoded(key if isinstance(key, str) else ""))
    except ValueError as problem:
        raise Wrong(f"application_server_key is no public key: {problem}") from None
    assert isinstance(key, str)
    push, now = ask.world.push, ask.world.clock.now()
    made = [push.subscribe(key, now).as_dict(ask.origin) for _ in range(count)]
    return ({"subscriptions": made} if "count" in data else made[0]) | {"created": True}


@on(
    "PATCH",
    "/push/subscriptions/{id}",
    "",
    'change one: {"state": active, gone (410) or unknown (404), "online": false (messages are kept for it)}',
)
def change(ask: Ask) -> dict[str, Any]:
    data, push, now = ask.only("state", "online"), ask.world.push, ask.world.clock.now()
    found = _found(ask)
    state, online = data.get("state", found.state), data.get("online", found.online)
    if state not in STATES:
        raise Wrong(f"state is one of {', '.join(STATES)}")
    if not isinstance(online, bool):
        raise Wrong("online is true or false")
    found.state, found.online = state, online
    push.hand_over(found.id, now)
    return found.as_dict(ask.origin)


@on(
    "GET",
    "/push/messages",
    "subscription",
    "the accepted messages, oldest first, as the browsers decrypted them; state is shown, held, replaced or expired",
)
def messages(ask: Ask) -> dict[str, Any]:
    push, now = ask.world.push, ask.world.clock.now()
    for subscription in push.subscriptions:
        push.hand_over(subscription, now)
    wanted = ask.query.get("subscription")
    return {
        "messages": [one.as_dict() for one in push.messages if wanted is None or one.subscription == wanted]
    }


def _found(ask: Ask) -> Subscription:
    found = ask.world.push.subscriptions.get(ask.values["id"])
    if found is None:
        raise Wrong("there is no such subscription", 404)
    return found
