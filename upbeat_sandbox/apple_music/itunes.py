"""itunes.apple.com: the look-up and search that answer everybody, without a token."""

import json
import re
from collections.abc import Iterable
from typing import Any

from upbeat_sandbox.apple_music.facts import url
from upbeat_sandbox.apple_music.shapes import NAME, genres, id_of, names
from upbeat_sandbox.call import Call, Refusal, Reply
from upbeat_sandbox.catalogue import Album, Artist, Track, matches

MEDIA_TYPE = "text/javascript; charset=utf-8"
KNOWN = {
    "/lookup": "id upc amgArtistId entity limit country sort callback lang version media",
    "/search": "term entity limit country media attribute callback lang version explicit offset",
}
ENTITIES: dict[str, tuple[type, ...]] = {
    "album": (Album,), "song": (Track,), "musicTrack": (Track,), "musicArtist": (Artist,), "": (Album, Track, Artist),
}  # fmt: skip
CURRENCIES = {"us": ("USA", "USD"), "gb": ("GBR", "GBP"), "de": ("DEU", "EUR"), "jp": ("JPN", "JPY")}
MOST, USUAL = 200, 50


def answer(call: Call) -> Reply:
    """Both are read with GET; what is wrong with a parameter is named."""
    known = KNOWN.get(call.path.rstrip("/"))
    if known is None or call.method != "GET":
        return Reply(404, b"Not found", "text/html; charset=utf-8")
    for name in call.query.keys() - set(known.split()):
        call.note(f"query parameter {name} is not known here")
    try:
        found = looked_up(call) if call.path.startswith("/lookup") else searched(call)
        return said(call, {"resultCount": len(found), "results": found})
    except Refusal as refusal:
        return refusal.reply


def said(call: Call, body: Any, status: int = 200) -> Reply:
    """As a script: the content type is that of one, and `callback` makes it one."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    callback = call.query.get("callback", "")
    if re.fullmatch(r"[\w.$]+", callback):
        text = f"{callback}({text});"
    return Reply(status, text.encode(), MEDIA_TYPE)


def bad(call: Call, name: str) -> Refusal:
    words = f"Invalid value(s) for key(s): [{name}]"
    return Refusal(said(call, {"errorMessage": words, "queryParameters": {"output": "json"}}, 400))


def country(call: Call) -> str:
    asked = call.query.get("country", "us").lower()
    if not re.fullmatch(r"[a-z]{2}", asked):
        raise bad(call, "country")
    return asked


def limit(call: Call) -> int:
    asked = call.query.get("limit", str(USUAL))
    return min(max(int(asked), 1), MOST) if asked.isdecimal() else USUAL


def looked_up(call: Call) -> list[dict[str, Any]]:
    """What was named by number or code; with `entity`, what belongs to it after each."""
    here, entity = country(call), call.query.get("entity", "")
    if entity not in ENTITIES:
        raise bad(call, "entity")
    if here in call.service.switches["unsold_in"]:
        return []
    found: list[dict[str, Any]] = []
    for one in named(call):
        found.append(shown(call, one, here))
        found += [shown(call, part, here) for part in belonging(call, one, entity)[: limit(call)]]
    return found


def named(call: Call) -> Iterable[Any]:
    """By `id` of whatever kind, or by `upc`; several with commas between them."""
    catalogue, seen = call.world.catalogue, set()
    for code in call.query.get("upc", "").split(","):
        album = catalogue.album_by_upc(code.strip()) if code.strip() else None
        if album is not None and album.visible(NAME, call.now) and id(album) not in seen:
            seen.add(id(album))
            yield album
    for number in call.query.get("id", "").split(","):
        for kind in ("album", "track", "artist"):
            one = catalogue.find(NAME, kind, number.strip(), call.now) if number.strip() else None
            if one is not None:
                yield one


def belonging(call: Call, one: Any, entity: str) -> list[Any]:
    """The songs of an album or artist, the albums of an artist."""
    if isinstance(one, Album) and Track in ENTITIES[entity] and entity:
        return list(one.tracks)
    if isinstance(one, Artist) and entity:
        albums = [album for album in one.albums if album.visible(NAME, call.now)]
        tracks = [track for album in albums for track in album.tracks]
        return albums if entity == "album" else tracks if Track in ENTITIES[entity] else []
    return []


def searched(call: Call) -> list[dict[str, Any]]:
    here, entity, words = country(call), call.query.get("entity", ""), call.query.get("term", "")
    if entity not in ENTITIES:
        raise bad(call, "entity")
    if not words.strip():
        return []
    catalogue = call.world.catalogue
    albums = catalogue.shown_albums(NAME, call.now)
    tracks = [track for album in albums for track in album.tracks]
    everything: list[Any] = [*catalogue.artists, *albums, *tracks]
    fits = [one for one in everything if isinstance(one, ENTITIES[entity]) and matches(words, *texts(one))]
    return [shown(call, one, here) for one in fits[: limit(call)]]


def texts(one: Any) -> tuple[str, ...]:
    return (one.name,) if isinstance(one, Artist) else (one.title, names(one.artists))


def shown(call: Call, one: Any, here: str) -> dict[str, Any]:
    if isinstance(one, Album):
        return collection(call, one, here)
    return song(call, one, here) if isinstance(one, Track) else artist(one, here)


def view_url(kind: str, item: Any, here: str) -> str:
    return url(kind, item).replace("/us/", f"/{here}/")


def artist(one: Artist, here: str) -> dict[str, Any]:
    return {
        "wrapperType": "artist",
        "artistType": "Artist",
        "artistName": one.name,
        "artistLinkUrl": f"{view_url('artist', one, here)}?uo=4",
        "artistId": int(id_of(one)),
        "primaryGenreName": genres([one])[0],
    }


def title(call: Call, album: Album) -> str:
    """A single is called one in its title, as the store does it."""
    told: dict[str, str] = dict(
        said.split("=", 1) for said in call.service.switches["lookup_titles"] if "=" in said
    )
    return told.get(album.upc, album.title + " - Single" * (album.kind == "single"))


def about(call: Call, album: Album, here: str) -> dict[str, Any]:
    """What an album and its songs have in common."""
    letters, currency = CURRENCIES.get(here, ("USA", "USD"))
    picture = f"{call.origin}/{NAME}/images/album-{id_of(album)}"
    first = album.artists[0]
    explicit = "explicit" if any(track.explicit for track in album.tracks) else "notExplicit"
    return {
        "artistId": int(id_of(first)),
        "collectionId": int(id_of(album)),
        "collectionName": title(call, album),
        "collectionCensoredName": title(call, album),
        "artistViewUrl": f"{view_url('artist', first, here)}?uo=4",
        "artworkUrl60": f"{picture}-64.png",
        "artworkUrl100": f"{picture}-large.png",
        "collectionPrice": round(0.99 * min(len(album.tracks), 10), 2),
        "collectionExplicitness": explicit,
        "trackCount": len(album.tracks),
        "country": letters,
        "currency": currency,
        "releaseDate": f"{album.release_date.isoformat()}T07:00:00Z",
        "primaryGenreName": genres(album.artists)[0],
    }


def collection(call: Call, album: Album, here: str) -> dict[str, Any]:
    """An album. One to come has no price before it is sold."""
    found = {
        "wrapperType": "collection",
        "collectionType": "Album",
        **about(call, album, here),
        "artistName": names(album.artists),
        "collectionViewUrl": f"{view_url('album', album, here)}?uo=4",
        "copyright": f"℗ {album.release_date.year} {album.label}",
    }
    if not album.out(NAME, call.now):
        del found["collectionPrice"]
    return found


def song(call: Call, track: Track, here: str) -> dict[str, Any]:
    address = f"{view_url('album', track.album, here)}?i={id_of(track)}&uo=4"
    return {
        "wrapperType": "track",
        "kind": "song",
        **about(call, track.album, here),
        "trackId": int(id_of(track)),
        "artistName": names(track.artists),
        "trackName": track.title,
        "trackCensoredName": track.title,
        "collectionViewUrl": address,
        "trackViewUrl": address,
        "previewUrl": f"{call.origin}/{NAME}/www/preview/{id_of(track)}.m4a",
        "trackPrice": 0.99,
        "trackExplicitness": "explicit" if track.explicit else "notExplicit",
        "discCount": 1,
        "discNumber": 1,
        "trackNumber": track.number,
        "trackTimeMillis": track.duration_ms,
        "isStreamable": track.album.out(NAME, call.now),
    }
