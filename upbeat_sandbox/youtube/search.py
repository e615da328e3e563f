"""search.list: videos, channels and playlists by words. It has a quota of its own."""

from typing import Any

from upbeat_sandbox.call import Call
from upbeat_sandbox.catalogue import Artist, Track, matches
from upbeat_sandbox.youtube import shapes
from upbeat_sandbox.youtube.answers import etag, page_size, page_start, page_token, refuse
from upbeat_sandbox.youtube.table import on, values

QUERY = (
    "channelId channelType eventType forContentOwner forDeveloper forMine location locationRadius maxResults "
    "onBehalfOfContentOwner order pageToken publishedAfter publishedBefore q regionCode relevanceLanguage safeSearch "
    "topicId type videoCaption videoCategoryId videoDefinition videoDimension videoDuration videoEmbeddable "
    "videoLicense videoPaidProductPlacement videoSyndicated videoType"
)
TYPES = ("video", "channel", "playlist")


@on("GET", "/search", parts="id snippet", query=QUERY)
def search(call: Call) -> Any:
    wanted = values(call, "type") or list(TYPES)
    if not set(wanted) <= set(TYPES):
        raise refuse(
            400,
            "invalidParameter",
            "Invalid value for parameter type.",
            domain="youtube.search",
            location="type",
        )
    found = [one for kind in wanted for one in of_kind(call, kind)]
    size, start = page_size(call), page_start(call)
    page: dict[str, Any] = {"kind": "youtube#searchListResponse"}
    if start + size < len(found):
        page["nextPageToken"] = page_token(start + size)
    page |= {"regionCode": call.query.get("regionCode", "DE")}
    page |= {"pageInfo": {"totalResults": len(found), "resultsPerPage": size}}
    page["items"] = [shown(call, kind, one) for kind, one in found[start : start + size]]
    return {"kind": page.pop("kind"), "etag": etag(page)} | page


def of_kind(call: Call, kind: str) -> list[tuple[str, Any]]:
    words, catalogue = call.query.get("q", ""), call.world.catalogue
    albums = catalogue.shown_albums("youtube", call.now)
    if kind == "channel":
        everybody: list[Any] = [one for one in catalogue.artists if matches(words, one.name)]
    elif kind == "playlist":
        everybody = [one for one in albums if matches(words, one.title, *(each.name for each in one.artists))]
    else:
        everybody = [
            one
            for album in albums
            for one in album.tracks
            if matches(words, one.title, one.isrc, *(each.name for each in one.artists))
        ]
    return [(kind, one) for one in everybody]


def shown(call: Call, kind: str, item: Any) -> dict[str, Any]:
    """A result: its id is an object, and it has no contents of its own."""
    part = {"snippet"}
    if isinstance(item, Track):
        snippet = shapes.video(call, item, part)["snippet"]
    elif isinstance(item, Artist):
        snippet = shapes.channel(call, item, part)["snippet"] | {"channelId": shapes.key(item)}
        snippet["channelTitle"] = snippet["title"]
    else:
        snippet = shapes.playlist(call, item, part)["snippet"]
    known = ("publishedAt", "channelId", "title", "description", "thumbnails", "channelTitle")
    told = {name: snippet[name] for name in known} | {"liveBroadcastContent": "none"}
    result: dict[str, Any] = {"id": {"kind": f"youtube#{kind}", f"{kind}Id": shapes.key(item)}}
    if "snippet" in values(call, "part"):
        result["snippet"] = told
    return {"kind": "youtube#searchResult", "etag": etag(result)} | result
