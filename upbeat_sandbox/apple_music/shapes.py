"""Apple Music's catalogue as resources: `{id, type, href, attributes, relationships}`."""

from typing import Any

from upbeat_sandbox import ids
from upbeat_sandbox.apple_music.answers import related
from upbeat_sandbox.apple_music.facts import url
from upbeat_sandbox.call import Call
from upbeat_sandbox.catalogue import Album, Artist, Track

NAME = "apple_music"
TYPES = {"albums": Album, "songs": Track, "artists": Artist}
KINDS = {"albums": "album", "songs": "track", "artists": "artist"}
MOST_TRACKS = 100


def id_of(item: Any) -> str:
    return ids.of(item, NAME)


def type_of(item: Any) -> str:
    return next(word for word, kind in TYPES.items() if isinstance(item, kind))


def storefront(call: Call) -> str:
    return call.path_values.get("storefront", "us")


def href(call: Call, item: Any) -> str:
    return f"/v1/catalog/{storefront(call)}/{type_of(item)}/{id_of(item)}"


def bare(call: Call, item: Any) -> dict[str, Any]:
    """A resource by its name alone, as relationships hold it."""
    return {"id": id_of(item), "type": type_of(item), "href": href(call, item)}


def artwork(call: Call, kind: str, item: Any) -> dict[str, Any]:
    return {
        "width": 1000,
        "height": 1000,
        "url": f"{call.origin}/{NAME}/images/{kind}-{id_of(item)}-{{w}}.png",
        "bgColor": "1d2023",
        "textColor1": "f6f5f2",
        "textColor2": "e2e0da",
        "textColor3": "c9c7c2",
        "textColor4": "b4b2ae",
    }


def out(call: Call, album: Album) -> bool:
    return album.out(NAME, call.now)


def genres(artists: list[Artist]) -> list[str]:
    return [*dict.fromkeys(genre.title() for artist in artists for genre in artist.genres), "Music"]


def names(artists: list[Artist]) -> str:
    return " & ".join(artist.name for artist in artists)


def site(call: Call, kind: str, item: Any) -> str:
    return url(kind, item).replace("/us/", f"/{storefront(call)}/")


def album_attributes(call: Call, album: Album) -> dict[str, Any]:
    found: dict[str, Any] = {
        "artistName": names(album.artists),
        "artwork": artwork(call, "album", album),
        "copyright": f"℗ {album.release_date.year} {album.label}",
        "genreNames": genres(album.artists),
        "isCompilation": album.kind == "compilation",
        "isComplete": out(call, album),
        "isMasteredForItunes": False,
        "isSingle": album.kind == "single",
        "name": album.title,
        "recordLabel": album.label,
        "releaseDate": album.release_date.isoformat(),
        "trackCount": len(album.tracks),
        "upc": album.upc.zfill(14),
        "url": site(call, "album", album),
    }
    if len(album.artists) == 1:
        found["artistUrl"] = site(call, "artist", album.artists[0])
    if any(track.explicit for track in album.tracks):
        found["contentRating"] = "explicit"
    if out(call, album):
        found["playParams"] = {"id": id_of(album), "kind": "album"}
    return found


def song_attributes(call: Call, track: Track) -> dict[str, Any]:
    found: dict[str, Any] = {
        "albumName": track.album.title,
        "artistName": names(track.artists),
        "artwork": artwork(call, "album", track.album),
        "discNumber": 1,
        "durationInMillis": track.duration_ms,
        "genreNames": genres(track.artists),
        "hasLyrics": False,
        "isrc": track.isrc,
        "name": track.title,
        "previews": [{"url": f"{call.origin}/{NAME}/www/preview/{id_of(track)}.m4a"}],
        "releaseDate": track.album.release_date.isoformat(),
        "trackNumber": track.number,
        "url": site(call, "track", track),
    }
    if track.explicit:
        found["contentRating"] = "explicit"
    if out(call, track.album):
        found["playParams"] = {"id": id_of(track), "kind": "song"}
    return found


def artist_attributes(call: Call, artist: Artist) -> dict[str, Any]:
    return {
        "name": artist.name,
        "genreNames": genres([artist]),
        "url": site(call, "artist", artist),
        "artwork": artwork(call, "artist", artist),
    }


def attributes(call: Call, item: Any) -> dict[str, Any]:
    if isinstance(item, Album):
        return album_attributes(call, item)
    return song_attributes(call, item) if isinstance(item, Track) else artist_attributes(call, item)


def plain(call: Call, item: Any) -> dict[str, Any]:
    return bare(call, item) | {"attributes": attributes(call, item)}


def whole(call: Call, item: Any) -> dict[str, Any]:
    """With its relationships: those that always come along, and those that were asked for."""
    asked = {*call.query.get("include", "").split(",")}
    relationships: dict[str, Any] = {}
    here = href(call, item)
    if isinstance(item, Album | Track):
        show = plain if "artists" in asked else bare
        relationships["artists"] = related(f"{here}/artists", [show(call, one) for one in item.artists])
    if isinstance(item, Album):
        tracks = [plain(call, one) for one in item.tracks[:MOST_TRACKS]]
        relationships["tracks"] = related(f"{here}/tracks", tracks, len(item.tracks))
    elif isinstance(item, Track):
        show = plain if "albums" in asked else bare
        relationships["albums"] = related(f"{here}/albums", [show(call, item.album)])
    else:
        shown = [album for album in item.albums if album.visible(NAME, call.now)]
        show = plain if "albums" in asked else bare
        relationships["albums"] = related(
            f"{here}/albums", [show(call, one) for one in shown[:25]], len(shown)
        )
    return plain(call, item) | {"relationships": relationships}
