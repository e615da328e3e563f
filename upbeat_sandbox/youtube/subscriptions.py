"""subscriptions.list, insert and delete."""

from datetime import datetime
from typing import Any

from upbeat_sandbox.call import Call, Reply
from upbeat_sandbox.catalogue import Artist
from upbeat_sandbox.people import Account
from upbeat_sandbox.youtube import shapes
from upbeat_sandbox.youtube.answers import not_found, paged, refuse
from upbeat_sandbox.youtube.bodies import body, resource_id
from upbeat_sandbox.youtube.channels import channel
from upbeat_sandbox.youtube.table import on, parts, values

PARTS = "id snippet contentDetails subscriberSnippet"
DOMAIN = "youtube.subscription"


def mine(account: Account) -> dict[Any, datetime]:
    """Everybody the fan is subscribed to, the latest last."""
    return account.followed["artist"] | account.followed["user"]


@on(
    "GET",
    "/subscriptions",
    parts=PARTS,
    filters="channelId id mine myRecentSubscribers mySubscribers",
    query="forChannelId maxResults onBehalfOfContentOwner onBehalfOfContentOwnerChannel order pageToken",
)
def subscriptions(call: Call) -> Any:
    """The fan's own, or all of another channel's, which are private here."""
    if "mine" not in call.query and "id" not in call.query:
        words = "The requester is not allowed to access the requested subscriptions."
        raise refuse(403, "subscriptionForbidden", words, domain=DOMAIN)
    held = mine(call.account) if call.token is not None and call.token.account is not None else {}
    only = set(values(call, "forChannelId"))
    found = [one for one in reversed(held) if not only or shapes.key(one) in only]
    if "id" in call.query:
        found = [one for one in found if shapes.subscription_id(call.account, one) in values(call, "id")]
    return paged(
        call,
        "subscription",
        found,
        lambda one: shapes.subscription(call, call.account, one, held[one], parts(call)),
    )


@on("POST", "/subscriptions", parts=PARTS, write=True, body="json")
def insert(call: Call) -> Any:
    """Subscribes the fan to a channel; a second time is refused as a duplicate."""
    given = resource_id(body(call), "youtube#channel", "channelId", DOMAIN)
    whom = channel(call, given) if given else None
    if whom is None:
        words = "The resource specified in the request could not be found."
        raise refuse(404, "publisherNotFound", words, domain=DOMAIN, location="snippet.resourceId.channelId")
    if whom is call.account:
        raise refuse(
            400, "subscriptionForbidden", "Subscribing to your own channel is not supported.", domain=DOMAIN
        )
    shelf = call.account.followed["artist" if isinstance(whom, Artist) else "user"]
    if not call.account.keep(shelf, whom, call.now):
        words = "The subscription that you are trying to create already exists."
        raise refuse(400, "subscriptionDuplicate", words, domain=DOMAIN)
    call.account.acts.append((call.now, "follow", "artist", given))
    return shapes.subscription(call, call.account, whom, call.now, parts(call))


@on("DELETE", "/subscriptions", required="id", write=True)
def delete(call: Call) -> Any:
    for shelf in (call.account.followed["artist"], call.account.followed["user"]):
        for whom in list(shelf):
            if shapes.subscription_id(call.account, whom) == call.query["id"]:
                del shelf[whom]
                call.account.acts.append((call.now, "unfollow", "artist", shapes.key(whom)))
                return Reply(204)
    raise not_found("subscription", DOMAIN)
