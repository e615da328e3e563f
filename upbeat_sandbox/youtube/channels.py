"""channels.list: artists and fans are channels."""

from typing import Any

from upbeat_sandbox.call import Call
from upbeat_sandbox.catalogue import Artist
from upbeat_sandbox.people import Account
from upbeat_sandbox.youtube import shapes
from upbeat_sandbox.youtube.answers import listing, page_size
from upbeat_sandbox.youtube.gate import without_channel
from upbeat_sandbox.youtube.table import on, parts, values

PARTS = (
    "id snippet contentDetails statistics status brandingSettings localizations topicDetails auditDetails "
    "contentOwnerDetails"
)


@on(
    "GET",
    "/channels",
    parts=PARTS,
    filters="categoryId forHandle forUsername id managedByMe mine mySubscribers",
    query="hl maxResults onBehalfOfContentOwner pageToken",
)
def channels(call: Call) -> Any:
    """By id, by handle, or the fan's own. What is not there is left out; a list without any has no items."""
    size = page_size(call)
    found = wanted(call)
    shown = [shapes.channel(call, one, parts(call)) for one in found[:50]]
    page = listing("channel", shown, len(shown), size)
    if not shown:
        del page["items"]
    return page


def wanted(call: Call) -> list[Artist | Account]:
    if "mine" in call.query:
        return [] if without_channel(call) else [call.account]
    if "forHandle" in call.query:
        said = "@" + call.query["forHandle"].removeprefix("@").casefold()
        everybody: list[Artist | Account] = [*call.world.catalogue.artists, *call.service.accounts.values()]
        return [one for one in everybody if shapes.handle(one) == said][:1]
    found = [channel(call, given) for given in dict.fromkeys(values(call, "id"))]
    return [one for one in found if one is not None]


def channel(call: Call, given: str) -> Artist | Account | None:
    """The artist or fan with this channel."""
    found = call.world.catalogue.find("youtube", "artist", given, call.now)
    return found if isinstance(found, Artist) else call.service.accounts.get(given)
