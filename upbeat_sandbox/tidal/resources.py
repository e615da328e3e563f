"""Every type of resource that is played: its id, its attributes, and what it is related to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from upbeat_sandbox.call import Call
from upbeat_sandbox.catalogue import Album, Artist, Track
from upbeat_sandbox.clock import iso
from upbeat_sandbox.ids import hex_id, number_from
from upbeat_sandbox.people import Account, Entry, Playlist
from upbeat_sandbox.tidal.documents import country
from upbeat_sandbox.tidal.facts import uuid

KINDS = {"ALBUM": "ALBUM", "SINGLE": "SINGLE", "COMPILATION": "ALBUM", "EP": "EP"}
COLLECTIONS = (
    "userCollectionAlbums",
    "userCollectionTracks",
    "userCollectionArtists",
    "userCollectionPlaylists",
)
SIZES = (1000, 640, 300, 64)


@dataclass(frozen=True, slots=True)
class Thing:
    """A resource: its type, its id, and what stands behind it."""

    type: str
    id: str
    item: Any


def album_of(item: Album) -> Thing:
    return Thing("albums", item.ids["tidal"], item)


def track_of(item: Track) -> Thing:
    return Thing("tracks", item.ids["tidal"], item)


def artist_of(item: Artist) -> Thing:
    return Thing("artists", item.ids["tidal"], item)


def playlist_of(item: Playlist) -> Thing:
    return Thing("playlists", item.id, item)


def user_of(item: Account) -> Thing:
    return Thing("users", item.id, item)


def artwork_of(kind: str, item_id: str) -> Thing:
    """The picture of an album, artist or playlist; its id is derived from theirs."""
    return Thing("artworks", f"{kind}-{item_id.replace('-', '')}", None)


def provider_of(label: str) -> Thing:
    return Thing("providers", str(number_from("provider", label) % 10_000), label)


def rules_of(call: Call, item: Album | Track) -> Thing:
    return Thing("usageRules", hex_id("rules", item.ids["tidal"], country(call)), item)


def duration(milliseconds: int) -> str:
    """ISO 8601: `PT46M17S`."""
    seconds = int(timedelta(milliseconds=milliseconds).total_seconds())
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    parts = (f"{hours}H" if hours else "", f"{minutes}M" if minutes else "", f"{seconds}S")
    return f"PT{''.join(parts)}"


def sharing(kind: str, item_id: str) -> list[dict[str, Any]]:
    return [{"href": f"https://tidal.com/browse/{kind}/{item_id}", "meta": {"type": "TIDAL_SHARING"}}]


def album(_call: Call, item: Album) -> dict[str, Any]:
    kind = KINDS.get(item.kind.upper(), "ALBUM")
    return {
        "title": item.title,
        "barcodeId": item.spotify_upc or item.upc,
        "numberOfVolumes": 1,
        "numberOfItems": len(item.tracks),
        "duration": duration(sum(track.duration_ms for track in item.tracks)),
        "explicit": any(track.explicit for track in item.tracks),
        "releaseDate": item.release_date.isoformat(),
        "copyright": {"text": f"(P) {item.release_date.year} {item.label}"},
        "popularity": 0.0,
        "accessType": "PUBLIC",
        "availability": ["STREAM"],
        "mediaTags": ["LOSSLESS"],
        "externalLinks": sharing("album", item.ids["tidal"]),
        "albumType": kind,
        "type": kind,
        "createdAt": iso(item.released_at),
    }


def track(_call: Call, item: Track) -> dict[str, Any]:
    return {
        "title": item.title,
        "isrc": item.isrc,
        "duration": duration(item.duration_ms),
        "copyright": {"text": f"(P) {item.album.release_date.year} {item.album.label}"},
        "explicit": item.explicit,
        "key": "UNKNOWN",
        "keyScale": "UNKNOWN",
        "popularity": 0.0,
        "accessType": "PUBLIC",
        "availability": ["STREAM"],
        "mediaTags": ["LOSSLESS"],
        "externalLinks": sharing("track", item.ids["tidal"]),
        "spotlighted": False,
        "createdAt": iso(item.album.released_at),
    }


def artist(_call: Call, item: Artist) -> dict[str, Any]:
    return {
        "name": item.name,
        "popularity": min(1.0, item.followers / 1_000_000),
        "externalLinks": sharing("artist", item.ids["tidal"]),
        "handle": handle(item),
        "spotlighted": False,
    }


def handle(item: Artist) -> str:
    return "".join(sign for sign in item.name.casefold() if sign.isascii() and sign.isalnum())


def playlist(call: Call, item: Playlist) -> dict[str, Any]:
    followers = [one for one in call.service.accounts.values() if item in one.followed["playlist"]]
    shown = {
        "name": item.name,
        "accessType": "PUBLIC" if item.public else "UNLISTED",
        "bounded": True,
        "duration": duration(sum(entry.track.duration_ms for entry in item.entries)),
        "numberOfItems": len(item.entries),
        "numberOfTrackItems": len(item.entries),
        "numberOfVideoItems": 0,
        "numberOfFollowers": len([one for one in followers if one is not item.owner]),
        "externalLinks": sharing("playlist", item.id),
        "createdAt": iso(item.created_at),
        "lastModifiedAt": iso(touched(item)),
        "playlistType": "USER",
    }
    return shown | ({"description": item.description} if item.description else {})


def touched(item: Playlist) -> datetime:
    return max([item.created_at, *(entry.added_at for entry in item.entries)])


def user(call: Call, item: Account) -> dict[str, Any]:
    first, _, last = item.name.partition(" ")
    shown = {
        "username": item.email(),
        "country": item.country,
        "developerAccessTier": "THIRD_PARTY",
        "email": item.email(),
        "emailVerified": True,
        "firstName": first,
    }
    return shown | ({"lastName": last} if last else {})


def artwork(call: Call, art_id: str) -> dict[str, Any]:
    base = f"{call.origin}/tidal/images/{art_id}"
    files = [{"href": f"{base}-{size}.png", "meta": {"width": size, "height": size}} for size in SIZES]
    return {"mediaType": "IMAGE", "files": files}


def rules(call: Call, item: Album | Track) -> dict[str, Any]:
    release = item if isinstance(item, Album) else item.album
    shown = {"countryCode": country(call), "subscription": ["STREAM"], "free": [], "paid": []}
    appears = release.appears_on("tidal")
    return shown | ({"validFrom": iso(appears)} if appears else {})


def shelf_of(account: Account, collection: str) -> dict[Any, datetime]:
    """What a collection (`userCollectionAlbums`) holds of a fan."""
    kind = collection.removeprefix("userCollection").lower().removesuffix("s")
    return account.saved[kind] if kind in account.saved else account.followed[kind]


def collection(name: str) -> Callable[[Call, Any], dict[str, Any]]:
    def attributes(_call: Call, item: Account) -> dict[str, Any]:
        shelf = shelf_of(item, name)
        shown: dict[str, Any] = {"numberOfItems": len(shelf)}
        return shown | ({"lastModifiedAt": iso(max(shelf.values()))} if shelf else {})

    return attributes


def search(_call: Call, query: str) -> dict[str, Any]:
    return {"query": query, "trackingId": uuid(number_from("search", query))}


ATTRIBUTES: dict[str, Callable[[Call, Any], dict[str, Any]]] = {
    "albums": album,
    "tracks": track,
    "artists": artist,
    "playlists": playlist,
    "users": user,
    "providers": lambda _call, label: {"name": label},
    "usageRules": rules,
    "searchResults": search,
    **{name: collection(name) for name in COLLECTIONS},
}


def item_id(of: Playlist, entry: Entry) -> str:
    """What tells one line of a playlist from another: lines may repeat a track."""
    alike = [one for one in of.entries if one.track is entry.track and one.added_at == entry.added_at]
    return uuid(number_from("line", of.id, entry.track.ids["tidal"], iso(entry.added_at), alike.index(entry)))
