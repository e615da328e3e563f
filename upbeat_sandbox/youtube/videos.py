"""videos.list, rate and getRating; and oEmbed of the site."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from upbeat_sandbox.call import Call, Reply, as_json, as_text
from upbeat_sandbox.catalogue import Track
from upbeat_sandbox.youtube import shapes
from upbeat_sandbox.youtube.answers import etag, listing, not_found, page_size, paged, refuse
from upbeat_sandbox.youtube.table import on, parts, values

PARTS = (
    "id snippet contentDetails status statistics player topicDetails recordingDetails liveStreamingDetails "
    "localizations paidProductPlacementDetails"
)
RATINGS = ("none", "like", "dislike")


@on(
    "GET",
    "/videos",
    parts=PARTS,
    filters="id chart myRating",
    query="hl locale maxHeight maxResults maxWidth onBehalfOfContentOwner pageToken regionCode videoCategoryId",
)
def videos(call: Call) -> Any:
    """By id (50 at the most), the most popular, or those the fan has rated. What is not there is left out."""
    if "id" in call.query:
        wanted = dict.fromkeys(values(call, "id"))
        found = [one for one in (track(call, video) for video in wanted) if one is not None]
        page_size(call)  # taken and unused where ids are given
        shown = [shapes.video(call, one, parts(call)) for one in found[:50]]
        return listing("video", shown, len(shown), len(shown))
    if "chart" in call.query:
        if call.query["chart"] != "mostPopular":
            raise refuse(
                400, "invalidChart", "The requested video chart is not supported.", domain="youtube.video"
            )
        albums = call.world.catalogue.shown_albums("youtube", call.now)
        return paged(
            call,
            "video",
            [one for album in albums for one in album.tracks],
            lambda one: shapes.video(call, one, parts(call)),
        )
    return rated(call)


def rated(call: Call) -> Any:
    if call.token is None or call.token.account is None:
        raise refuse(401, "required", "Login Required.", location="Authorization", kind="header")
    rating = call.query["myRating"]
    if rating not in ("like", "dislike"):
        raise refuse(
            400,
            "invalidRating",
            "The request contained an unexpected value for the rating parameter.",
            domain="youtube.video",
        )
    mine = list(reversed(shelf(call, rating)))
    return paged(call, "video", mine, lambda one: shapes.video(call, one, parts(call)))


def track(call: Call, video: str) -> Track | None:
    """The song with this id, if it is out."""
    found = call.world.catalogue.find("youtube", "track", video, call.now)
    return found if isinstance(found, Track) else None


def shelf(call: Call, rating: str) -> dict[Any, Any]:
    """What the fan has rated so: likes are the fan's saved songs."""
    return call.account.saved.setdefault({"like": "track", "dislike": "disliked"}[rating], {})


@on("POST", "/videos/rate", required="id rating", write=True)
def rate(call: Call) -> Any:
    """Likes, dislikes, or takes either back; the same again changes nothing."""
    rating, video = call.query["rating"], call.query["id"]
    if rating not in RATINGS:
        words = "The request contained an unexpected value for the rating parameter."
        raise refuse(400, "invalidRating", words, domain="youtube.video", location="rating")
    found = track(call, video)
    if found is None:
        raise not_found("video", "youtube.video")
    if video in call.service.switches["no_likes"]:
        words = "The owner of the video that you are trying to rate has disabled ratings for that video."
        raise refuse(403, "videoRatingDisabled", words, domain="youtube.video", location="id")
    for other in {"like", "dislike"} - {rating}:
        shelf(call, other).pop(found, None)
    if rating != "none":
        limit = call.service.switches["library_limit"]
        if limit is not None and len(shelf(call, rating)) >= limit and found not in shelf(call, rating):
            raise refuse(403, "forbidden", "Access forbidden.", domain="youtube.video")
        call.account.keep(shelf(call, rating), found, call.now)
    call.account.acts.append((call.now, {"like": "save"}.get(rating, rating), "track", video))
    return Reply(204)


@on("GET", "/videos/getRating", required="id", query="onBehalfOfContentOwner")
def get_rating(call: Call) -> Any:
    """What the fan thinks of each of these videos."""
    items = []
    for video in list(dict.fromkeys(values(call, "id")))[:50]:
        one = track(call, video)
        rating = next((name for name in ("like", "dislike") if one in shelf(call, name)), "none")
        items.append({"videoId": video, "rating": rating})
    return {"kind": "youtube#videoGetRatingResponse", "etag": etag(items), "items": items}


def oembed(call: Call) -> Reply:
    """`/oembed?url=…&format=json`: title and author of a video or playlist, for anybody."""
    parted = urlsplit(call.query.get("url", ""))
    query = parse_qs(parted.query)
    found: Any = track(call, query.get("v", [""])[0])
    if found is None:
        found = call.world.catalogue.find("youtube", "album", query.get("list", [""])[0], call.now)
    if found is None:
        return as_text("Not Found", 404)
    first = found if isinstance(found, Track) else found.tracks[0]
    channel, name = shapes.owner(first)
    pictured = first.album
    return as_json(
        {
            "title": found.title if isinstance(found, Track) else f"Album - {found.title}",
            "author_name": name,
            "author_url": f"https://www.youtube.com/channel/{channel}",
            "type": "video",
            "height": 113,
            "width": 200,
            "version": "1.0",
            "provider_name": "YouTube",
            "provider_url": "https://www.youtube.com/",
            "thumbnail_height": 500,
            "thumbnail_width": 500,
            "thumbnail_url": shapes.thumbnails(call, pictured)["high"]["url"],
            "html": f'<iframe width="200" height="113" src="https://www.youtube.com/embed/{shapes.key(first)}"></iframe>',
        }
    )
