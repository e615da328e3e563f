"""Deezer's objects as JSON, with the field sets of recorded answers; links on the real site, lists on the sandbox."""

import hashlib
from datetime import datetime
from typing import Any

from upbeat_sandbox.call import Call
from upbeat_sandbox.catalogue import Album, Artist, Track
from upbeat_sandbox.deezer.answers import api
from upbeat_sandbox.people import Account, Playlist
from upbeat_sandbox.spotify.shapes import MARKETS

SIZES = {"small": 56, "medium": 250, "big": 500, "xl": 1000}


def site(kind: str, number: object) -> dict[str, str]:
    """The link to the real site, and the one for sharing."""
    link = f"https://www.deezer.com/{kind}/{number}"
    return {"link": link, "share": f"{link}?utm_source=deezer&utm_content={kind}-{number}&utm_medium=web"}


def pictures(call: Call, word: str, kind: str, number: object) -> dict[str, str]:
    base = f"{call.origin}/deezer/images/{kind}-{number}"
    return {word: f"{base}-250.png"} | {
        f"{word}_{name}": f"{base}-{size}.png" for name, size in SIZES.items()
    }


def md5(*words: object) -> str:
    return hashlib.md5("/".join(map(str, words)).encode(), usedforsecurity=False).hexdigest()


def simple_artist(call: Call, one: Artist) -> dict[str, Any]:
    return {
        "id": one.deezer_id,
        "name": one.name,
        **site("artist", one.deezer_id),
        **pictures(call, "picture", "artist", one.deezer_id),
        "radio": True,
        "tracklist": api(call, f"/artist/{one.deezer_id}/top?limit=50"),
        "type": "artist",
    }


def artist(call: Call, one: Artist) -> dict[str, Any]:
    count = sum(album.visible("deezer", call.now) for album in one.albums)
    return simple_artist(call, one) | {"nb_album": count, "nb_fan": one.followers}


def contributors(call: Call, artists: list[Artist]) -> list[dict[str, Any]]:
    return [
        simple_artist(call, one) | {"role": "Main" if one is artists[0] else "Featured"} for one in artists
    ]


def album_reference(call: Call, one: Album) -> dict[str, Any]:
    return {
        "id": one.deezer_id,
        "title": one.title,
        "link": f"https://www.deezer.com/album/{one.deezer_id}",
        **pictures(call, "cover", "album", one.deezer_id),
        "md5_image": md5("album", one.deezer_id),
        "release_date": one.release_date.isoformat(),
        "tracklist": api(call, f"/album/{one.deezer_id}/tracks"),
        "type": "album",
    }


def simple_album(call: Call, one: Album) -> dict[str, Any]:
    return album_reference(call, one) | {
        "genre_id": 0,
        "nb_tracks": len(one.tracks),
        "fans": 0,
        "record_type": {"compilation": "compile"}.get(one.kind, one.kind),
        "available": one.out("deezer", call.now),
        "explicit_lyrics": any(track.explicit for track in one.tracks),
        "artist": simple_artist(call, one.artists[0]),
    }


def album(call: Call, one: Album) -> dict[str, Any]:
    return simple_album(call, one) | {
        "upc": upc(one),
        "share": site("album", one.deezer_id)["share"],
        "genres": {"data": []},
        "label": one.label,
        "duration": sum(track.duration_ms for track in one.tracks) // 1000,
        "rating": 0,
        "explicit_content_lyrics": 0,
        "explicit_content_cover": 2,
        "contributors": contributors(call, one.artists),
        "tracks": {"data": [simple_track(call, track) for track in one.tracks]},
    }


def upc(one: Album) -> str:
    """Deezer's form of a UPC: twelve digits at least, zeros in front beyond that dropped."""
    return str(int(one.upc)).zfill(12)


def simple_track(call: Call, one: Track) -> dict[str, Any]:
    return {
        "id": one.deezer_id,
        "readable": one.album.out("deezer", call.now),
        "title": one.title,
        "title_short": one.title,
        "title_version": "",
        "isrc": one.isrc,
        "link": f"https://www.deezer.com/track/{one.deezer_id}",
        "duration": one.duration_ms // 1000,
        "track_position": one.number,
        "disk_number": 1,
        "rank": 100_000,
        "explicit_lyrics": one.explicit,
        "explicit_content_lyrics": int(one.explicit),
        "explicit_content_cover": 2,
        "preview": "",
        "md5_image": md5("album", one.album.deezer_id),
        "artist": simple_artist(call, one.artists[0]),
        "album": album_reference(call, one.album),
        "type": "track",
    }


def track(call: Call, one: Track) -> dict[str, Any]:
    return simple_track(call, one) | {
        "share": site("track", one.deezer_id)["share"],
        "release_date": one.album.release_date.isoformat(),
        "bpm": 0,
        "gain": 0,
        "available_countries": MARKETS if one.album.out("deezer", call.now) else [],
        "contributors": contributors(call, one.artists),
    }


def user_reference(call: Call, account: Account) -> dict[str, Any]:
    number = int(account.id)
    return {
        "id": number,
        "name": account.name,
        "tracklist": api(call, f"/user/{number}/flow"),
        "type": "user",
    }


def user(call: Call, account: Account) -> dict[str, Any]:
    """What everybody sees of a user."""
    return user_reference(call, account) | {
        "link": f"https://www.deezer.com/profile/{account.id}",
        **pictures(call, "picture", "user", account.id),
        "country": account.country,
    }


def me(call: Call, account: Account) -> dict[str, Any]:
    """What the user's own token sees; the address only with the permission `email`."""
    first, _, last = account.name.partition(" ")
    shown = user(call, account) | {
        "lastname": last,
        "firstname": first,
        "status": 0,
        "birthday": "1990-01-01",
        "inscription_date": account.created_at.date().isoformat(),
        "gender": "",
        "lang": "en",
        "is_kid": False,
        "explicit_content_level": "explicit_display",
        "explicit_content_levels_available": [
            "explicit_display",
            "explicit_no_recommendation",
            "explicit_hide",
        ],
    }
    assert call.token is not None
    return shown | ({"email": account.email()} if "email" in call.token.scopes else {})


def simple_playlist(call: Call, one: Playlist) -> dict[str, Any]:
    return {
        "id": int(one.id),
        "title": one.name,
        "duration": sum(entry.track.duration_ms for entry in one.entries) // 1000,
        "public": one.public,
        "is_loved_track": False,
        "collaborative": one.collaborative,
        "nb_tracks": len(one.entries),
        "fans": 0,
        **site("playlist", one.id),
        **pictures(call, "picture", "playlist", one.id),
        "checksum": md5(one.id, one.version),
        "tracklist": api(call, f"/playlist/{one.id}/tracks"),
        "creation_date": clock_face(one.created_at),
        "md5_image": md5("playlist", one.id),
        "picture_type": "playlist",
        "time_mod": int(one.created_at.timestamp()),
        "creator": user_reference(call, one.owner),
        "user": user_reference(call, one.owner),
        "type": "playlist",
    }


def playlist(call: Call, one: Playlist) -> dict[str, Any]:
    return simple_playlist(call, one) | {
        "description": one.description,
        "tracks": {"data": playlist_tracks(call, one), "checksum": md5(one.id, one.version)},
    }


def playlist_tracks(call: Call, one: Playlist) -> list[dict[str, Any]]:
    return [
        simple_track(call, entry.track) | {"time_add": int(entry.added_at.timestamp())}
        for entry in one.entries
    ]


def clock_face(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")
