"""YouTube's objects read as ours. Nothing is trusted to be there."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from upbeat.providers.base import Entity, Found, Kind, Playlist
from upbeat.providers.fields import at, day, dicts, first, number, text

SERVICE = "youtube"
_SIZES = ("maxres", "standard", "high", "medium", "default")
_TOPIC = re.compile(r" - Topic$")
_RELEASE = re.compile(r"^(?:Album|Single|EP) - ")
_CLIP = re.compile(
    r"\s*[(\[](?:official\s+)?(?:music\s+|lyrics?\s+)?(?:video|audio|visuali[sz]er|clip)[^)\]]*[)\]]\s*$",
    re.IGNORECASE,
)


def video(data: Mapping[str, Any]) -> Found | None:
    """A video as a release of one song; None while it is not out: private, being worked on, or a premiere to come."""
    status, snippet = at(data, "status"), at(data, "snippet")
    if text(status, "privacyStatus") == "private" or text(snippet, "liveBroadcastContent") == "upcoming":
        return None
    if text(status, "uploadStatus") not in ("", "processed", "uploaded"):
        return None
    artist, key = _artist(text(snippet, "channelTitle")), text(data, "id")
    return Found(
        service=SERVICE,
        kind=Kind.TRACK,
        id=key,
        url=f"https://www.youtube.com/watch?v={key}",
        title=_title(text(snippet, "title"), artist),
        artist=artist,
        artist_id=text(snippet, "channelId"),
        track_ids=(key,),
        track_count=1,
        release_date=day({"on": text(snippet, "publishedAt")[:10]}, "on"),
        cover_url=_widest(snippet),
    )


def embedded(video: str, said: Mapping[str, Any]) -> Found:
    """A video as oEmbed tells it. The channel is known where the author's address has it."""
    artist, page = _artist(text(said, "author_name")), text(said, "author_url")
    return Found(
        service=SERVICE,
        kind=Kind.TRACK,
        id=video,
        url=f"https://www.youtube.com/watch?v={video}",
        title=_title(text(said, "title"), artist),
        artist=artist,
        artist_id=page.partition("/channel/")[2],
        track_ids=(video,),
        track_count=1,
        cover_url=text(said, "thumbnail_url"),
    )


def album(data: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> Found | None:
    """A playlist as a release, with its videos in order; None while none of them can be seen.

    YouTube makes the playlists of albums itself, so the artist is whoever owns the first video.
    """
    seen = [one for one in items if _is_visible(one)]
    if not seen:
        return None
    owner, key = at(seen[0], "snippet"), text(data, "id")
    artist = _artist(first((text(owner, "videoOwnerChannelTitle"), text(data, "snippet", "channelTitle"))))
    return Found(
        service=SERVICE,
        kind=Kind.ALBUM,
        id=key,
        url=f"https://www.youtube.com/playlist?list={key}",
        title=_RELEASE.sub("", text(data, "snippet", "title")),
        artist=artist,
        artist_id=first((text(owner, "videoOwnerChannelId"), text(data, "snippet", "channelId"))),
        track_ids=tuple(dict.fromkeys(video_id(one) for one in seen)),
        track_count=len(seen),
        release_date=day({"on": text(data, "snippet", "publishedAt")[:10]}, "on"),
        cover_url=_widest(at(data, "snippet")),
    )


def entity(kind: Kind, data: Mapping[str, Any]) -> Entity:
    """A channel; for a search a video or playlist too, whose id lies in an object of its own."""
    named = at(data, "id")
    ids = (text(data, "id"), *(text(named, name) for name in ("channelId", "videoId", "playlistId")))
    key, snippet = first(ids), at(data, "snippet")
    name = _TOPIC.sub("", text(snippet, "title")) or key
    return Entity(SERVICE, kind, key, name, _widest(snippet), _url(kind, key))


def playlist(data: Mapping[str, Any]) -> Playlist:
    return Playlist(
        text(data, "id"), text(data, "snippet", "title"), number(data, "contentDetails", "itemCount")
    )


def video_id(item: Mapping[str, Any]) -> str:
    """The video of a playlist's entry."""
    return text(item, "contentDetails", "videoId") or text(item, "snippet", "resourceId", "videoId")


def items(page: Any) -> list[dict[str, Any]]:
    return dicts(page, "items")


def _is_visible(item: Mapping[str, Any]) -> bool:
    """Entries of private and deleted videos stay in a playlist, without an owner."""
    status = text(item, "status", "privacyStatus")
    hidden = status in ("private", "privacyStatusUnspecified")
    return bool(video_id(item) and text(item, "snippet", "videoOwnerChannelId")) and not hidden


def _artist(channel: str) -> str:
    """The channels that YouTube makes for artists are named `Marlo Venn - Topic`."""
    return _TOPIC.sub("", channel)


def _title(title: str, artist: str) -> str:
    """The song's: without the artist in front and `(Official Video)` behind."""
    bare = _CLIP.sub("", title)
    front = f"{artist} - "
    return bare[len(front) :] if artist and bare.casefold().startswith(front.casefold()) else bare


def _url(kind: Kind, id: str) -> str:
    page = {Kind.TRACK: "watch?v=", Kind.ALBUM: "playlist?list=", Kind.PLAYLIST: "playlist?list="}
    return f"https://www.youtube.com/{page.get(kind, 'channel/')}{id}"


def _widest(snippet: Any) -> str:
    return first(text(snippet, "thumbnails", size, "url") for size in _SIZES)
