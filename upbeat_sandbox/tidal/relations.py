"""How resources hang together: every relationship a third party may ask for, and those that it never sees."""

from collections.abc import Callable, Iterable
from typing import Any

from upbeat_sandbox.call import Call
from upbeat_sandbox.catalogue import Album, Artist, Track, matches
from upbeat_sandbox.clock import iso
from upbeat_sandbox.people import Playlist
from upbeat_sandbox.tidal.resources import (
    COLLECTIONS,
    Thing,
    album_of,
    artist_of,
    artwork_of,
    item_id,
    playlist_of,
    provider_of,
    rules_of,
    shelf_of,
    track_of,
    user_of,
)

Link = tuple[Thing, dict[str, Any]]
"""A related resource, and what the relationship itself says of it."""
Relation = Callable[[Call, Thing], list[Link]]


def plain(things: Iterable[Thing]) -> list[Link]:
    return [(thing, {}) for thing in things]


def nothing(_call: Call, _thing: Thing) -> list[Link]:
    return []


def artists(_call: Call, thing: Thing) -> list[Link]:
    return plain(artist_of(one) for one in thing.item.artists)


def album_items(_call: Call, thing: Thing) -> list[Link]:
    return [(track_of(one), {"volumeNumber": 1, "trackNumber": one.number}) for one in thing.item.tracks]


def cover_art(_call: Call, thing: Thing) -> list[Link]:
    """A playlist without music has no picture."""
    item = thing.item
    if isinstance(item, Playlist) and not item.entries:
        return []
    return [(artwork_of(thing.type.removesuffix("s"), thing.id), {})]


def providers(_call: Call, thing: Thing) -> list[Link]:
    album = thing.item if isinstance(thing.item, Album) else thing.item.album
    return [(provider_of(album.label), {})]


def usage_rules(call: Call, thing: Thing) -> list[Link]:
    return [(rules_of(call, thing.item), {})]


def track_albums(_call: Call, thing: Thing) -> list[Link]:
    return [(album_of(thing.item.album), {})]


def shown(call: Call) -> list[Album]:
    return call.world.catalogue.shown_albums("tidal", call.now)


def artist_albums(call: Call, thing: Thing) -> list[Link]:
    """Newest first."""
    mine = [album for album in shown(call) if thing.item in album.artists]
    return plain(album_of(one) for one in sorted(mine, key=lambda one: one.released_at, reverse=True))


def artist_tracks(call: Call, thing: Thing) -> list[Link]:
    tracks = [track for album in shown(call) for track in album.tracks]
    return plain(track_of(track) for track in tracks if thing.item in track.artists)


def profile_art(_call: Call, thing: Thing) -> list[Link]:
    return [(artwork_of("artist", thing.id), {})]


def playlist_items(_call: Call, thing: Thing) -> list[Link]:
    """In the playlist's order, each with what tells its lines apart."""
    return [
        (track_of(entry.track), {"addedAt": iso(entry.added_at), "itemId": item_id(thing.item, entry)})
        for entry in thing.item.entries
    ]


def playlist_owners(call: Call, thing: Thing) -> list[Link]:
    """Only an owner is told: nobody else may read a person."""
    own = call.about() is thing.item.owner
    return [(user_of(thing.item.owner), {})] if own else []


def collection_owners(_call: Call, thing: Thing) -> list[Link]:
    return [(user_of(thing.item), {})]


def collection_items(call: Call, thing: Thing) -> list[Link]:
    """The newest first, unless the switch shows none."""
    if not call.service.switches["shows_collection"]:
        return []
    make = MAKERS[thing.type.removeprefix("userCollection").lower()]
    held = sorted(shelf_of(thing.item, thing.type).items(), key=lambda pair: pair[1], reverse=True)
    return [(make(item), {"addedAt": iso(moment)}) for item, moment in held if in_sight(item)]


def in_sight(item: Any) -> bool:
    return not (isinstance(item, Playlist) and item.deleted)


MAKERS: dict[str, Callable[[Any], Thing]] = {
    "albums": album_of,
    "tracks": track_of,
    "artists": artist_of,
    "playlists": playlist_of,
}


def found_artists(call: Call, thing: Thing) -> list[Link]:
    shown_artists = {artist.ids["tidal"]: artist for album in shown(call) for artist in album.artists}
    known: Iterable[Artist] = {
        **shown_artists,
        **{a.ids["tidal"]: a for a in call.world.catalogue.artists},
    }.values()
    return plain(artist_of(one) for one in known if matches(thing.item, one.name))


def found_albums(call: Call, thing: Thing) -> list[Link]:
    hits = [one for one in shown(call) if matches(thing.item, one.title, *(a.name for a in one.artists))]
    return plain(album_of(one) for one in hits)


def found_tracks(call: Call, thing: Thing) -> list[Link]:
    tracks: list[Track] = [track for album in shown(call) for track in album.tracks]
    hits = [one for one in tracks if matches(thing.item, one.title, *(a.name for a in one.artists))]
    return plain(track_of(one) for one in hits)


def found_playlists(call: Call, thing: Thing) -> list[Link]:
    public = [one for one in call.service.playlists.values() if one.public and not one.deleted]
    return plain(playlist_of(one) for one in public if matches(thing.item, one.name))


def top_hits(call: Call, thing: Thing) -> list[Link]:
    return [*found_artists(call, thing), *found_albums(call, thing), *found_tracks(call, thing)][:10]


RELATIONS: dict[str, dict[str, Relation]] = {
    "albums": {
        "artists": artists,
        "coverArt": cover_art,
        "items": album_items,
        "owners": nothing,
        "providers": providers,
        "similarAlbums": nothing,
        "usageRules": usage_rules,
    },
    "tracks": {
        "albums": track_albums,
        "artists": artists,
        "owners": nothing,
        "providers": providers,
        "radio": nothing,
        "similarTracks": nothing,
        "sourceFile": nothing,
        "usageRules": usage_rules,
    },
    "artists": {
        "albums": artist_albums,
        "biography": nothing,
        "owners": nothing,
        "profileArt": profile_art,
        "radio": nothing,
        "roles": nothing,
        "similarArtists": nothing,
        "trackProviders": nothing,
        "tracks": artist_tracks,
        "videos": nothing,
    },
    "artworks": {"owners": nothing},
    "playlists": {
        "collaboratorProfiles": nothing,
        "collaborators": nothing,
        "coverArt": cover_art,
        "items": playlist_items,
        "ownerProfiles": nothing,
        "owners": playlist_owners,
    },
    "searchResults": {
        "albums": found_albums,
        "artists": found_artists,
        "playlists": found_playlists,
        "topHits": top_hits,
        "tracks": found_tracks,
        "videos": nothing,
    },
    **{name: {"items": collection_items, "owners": collection_owners} for name in COLLECTIONS},
}
ONE = frozenset({"usageRules", "biography", "sourceFile"})
"""Relationships to one resource; the others are to many."""
HIDDEN = {
    "albums": {"albumStatistics", "genres", "priceConfig", "replacement", "shares", "suggestedCoverArts"},
    "tracks": {
        "credits", "download", "genres", "lyrics", "metadataStatus", "priceConfig", "replacement", "shares",
        "suggestedTracks", "trackStatistics",
    },
    "artists": {"claimStatus", "followers", "following"},
    "playlists": {"suggestedCoverArts"},
}  # fmt: skip
"""For TIDAL's own applications: who else asks for them is given the rest."""
TYPES_BEHIND = {
    "artists": {"artists"},
    "items": {"tracks", "albums", "artists", "playlists"},
    "coverArt": {"artworks"},
    "profileArt": {"artworks"},
    "albums": {"albums"},
    "similarAlbums": {"albums"},
    "tracks": {"tracks"},
    "similarTracks": {"tracks"},
    "similarArtists": {"artists"},
    "playlists": {"playlists"},
    "radio": {"playlists"},
    "topHits": {"albums", "artists", "tracks", "playlists"},
}
"""What may be named behind a relationship in an include path; behind all others nothing is."""
