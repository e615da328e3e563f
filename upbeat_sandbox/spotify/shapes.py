"""Spotify's objects as JSON: the fields of the 2026 Web API, hrefs on the sandbox, links on the real site."""

from typing import Any
from urllib.parse import quote

from upbeat_sandbox.call import Call
from upbeat_sandbox.catalogue import Album, Artist, Track
from upbeat_sandbox.clock import iso
from upbeat_sandbox.people import Account, Entry, Playlist
from upbeat_sandbox.spotify.answers import api, page

MARKETS = [
    "AR",
    "AT",
    "AU",
    "BE",
    "BR",
    "CA",
    "CH",
    "CL",
    "CO",
    "CZ",
    "DE",
    "DK",
    "ES",
    "FI",
    "FR",
    "GB",
    "HU",
    "IE",
    "IN",
    "IS",
    "IT",
    "JP",
    "KR",
    "MX",
    "NL",
    "NO",
    "NZ",
    "PL",
    "PT",
    "SE",
    "SG",
    "TR",
    "US",
    "ZA",
]
# Deprecated fields that applications in development mode no longer get, where the specification does not require them.
GONE_IN_DEVELOPMENT = ("available_markets", "popularity", "preview_url", "followers", "genres", "album_group")


def identity(call: Call, kind: str, item_id: str) -> dict[str, Any]:
    """The five fields every object carries."""
    safe = quote(item_id, safe="")
    plural = {"user": "users"}.get(kind, f"{kind}s")
    return {
        "external_urls": {"spotify": f"https://open.spotify.com/{kind}/{safe}"},
        "href": api(call, f"/v1/{plural}/{safe}"),
        "id": item_id,
        "type": kind,
        "uri": f"spotify:{kind}:{safe}",
    }


def trimmed(call: Call, shown: dict[str, Any], *names: str) -> dict[str, Any]:
    """Without the named deprecated fields if the application is in development mode."""
    if call.service.switches["mode"] == "development":
        for name in names:
            shown.pop(name, None)
    return shown


def images(call: Call, kind: str, item_id: object) -> list[dict[str, Any]]:
    base = f"{call.origin}/spotify/images/{kind}-{item_id}"
    return [{"url": f"{base}-{size}.png", "height": size, "width": size} for size in (640, 300, 64)]


def simple_artist(call: Call, artist: Artist) -> dict[str, Any]:
    return identity(call, "artist", artist.spotify_id) | {"name": artist.name}


def artist(call: Call, one: Artist) -> dict[str, Any]:
    shown = simple_artist(call, one) | {
        "followers": {"href": None, "total": one.followers},
        "genres": one.genres,
        "images": images(call, "artist", one.spotify_id),
        "popularity": min(100, one.followers // 1000),
    }
    return trimmed(call, shown, "followers", "genres", "popularity")


def simple_album(call: Call, album: Album) -> dict[str, Any]:
    return identity(call, "album", album.spotify_id) | {
        "album_type": album.kind,
        "total_tracks": len(album.tracks),
        "available_markets": MARKETS,
        "images": images(call, "album", album.spotify_id),
        "name": album.title,
        "release_date": album.release_date.isoformat(),
        "release_date_precision": "day",
        "artists": [simple_artist(call, artist) for artist in album.artists],
    }


def discography_album(call: Call, album: Album, group: str) -> dict[str, Any]:
    return simple_album(call, album) | {"album_group": group}


def album(call: Call, one: Album) -> dict[str, Any]:
    year = one.release_date.year
    return simple_album(call, one) | {
        "tracks": page(
            call,
            one.tracks,
            (50, 0),
            lambda track: simple_track(call, track),
            f"/v1/albums/{one.spotify_id}/tracks",
        ),
        "copyrights": [{"text": f"{year} {one.label}", "type": mark} for mark in "CP"],
        "external_ids": {"upc": one.spotify_upc},
        "genres": [],
        "label": one.label,
        "popularity": 0,
    }


def simple_track(call: Call, track: Track) -> dict[str, Any]:
    shown = identity(call, "track", track.spotify_id) | {
        "artists": [simple_artist(call, artist) for artist in track.artists],
        "available_markets": MARKETS,
        "disc_number": 1,
        "duration_ms": track.duration_ms,
        "explicit": track.explicit,
        "is_playable": True,
        "name": track.title,
        "preview_url": None,
        "track_number": track.number,
        "is_local": False,
    }
    return trimmed(call, shown, "available_markets", "preview_url")


def track(call: Call, one: Track) -> dict[str, Any]:
    shown = simple_track(call, one) | {
        "album": simple_album(call, one.album),
        "external_ids": {"isrc": one.isrc},
        "popularity": 0,
    }
    return trimmed(call, shown, "popularity")


def user_reference(call: Call, account: Account) -> dict[str, Any]:
    return identity(call, "user", account.id)


def public_user(call: Call, account: Account) -> dict[str, Any]:
    shown = user_reference(call, account) | {
        "display_name": account.name,
        "followers": {"href": None, "total": 0},
        "images": [],
    }
    return trimmed(call, shown, "followers")


def private_user(call: Call, account: Account) -> dict[str, Any]:
    """`GET /v1/me`: e-mail and the subscription details only with their scopes, and none of it in development mode."""
    shown = public_user(call, account) | {"account_id": account.account_id}
    if call.service.switches["mode"] == "development":
        return shown
    assert call.token is not None
    if "user-read-email" in call.token.scopes:
        shown["email"] = account.email()
    if "user-read-private" in call.token.scopes:
        filters = {"filter_enabled": False, "filter_locked": False}
        shown |= {"country": account.country, "product": "premium", "explicit_content": filters}
    return shown


def simple_playlist(call: Call, playlist: Playlist) -> dict[str, Any]:
    items = {"href": api(call, f"/v1/playlists/{playlist.id}/items"), "total": len(playlist.entries)}
    shown = identity(call, "playlist", playlist.id) | {
        "collaborative": playlist.collaborative,
        "description": playlist.description,
        "images": images(call, "playlist", playlist.id) if playlist.entries else [],
        "name": playlist.name,
        "primary_color": None,  # undocumented, but always there, and clients rely on it
        "owner": user_reference(call, playlist.owner) | {"display_name": playlist.owner.name},
        "public": playlist.public,
        "snapshot_id": playlist.snapshot_id,
        "items": items,
        "tracks": items,
    }
    return trimmed(call, shown, "tracks")


def entry(call: Call, one: Entry) -> dict[str, Any]:
    """A line of a playlist: `item`, and the old name `track` where it is still given.

    `primary_color`, `video_thumbnail` and the flags `episode` and `track` are not documented, but real lines have them
    and typed clients insist.
    """
    item = track(call, one.track) | {"episode": False, "track": True}
    shown = {
        "added_at": iso(one.added_at),
        "added_by": user_reference(call, one.added_by),
        "is_local": False,
        "primary_color": None,
        "video_thumbnail": {"url": None},
        "item": item,
    }
    return shown | ({"track": item} if call.service.switches["mode"] == "extended" else {})
