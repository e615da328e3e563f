"""SoundCloud's objects as JSON: every field of the specification, addresses of the API on the sandbox, links on the
real site. Where a text is not there it is empty, because the specification has no null for it."""

from datetime import UTC, datetime
from typing import Any

from upbeat_sandbox.call import Call
from upbeat_sandbox.catalogue import Album, Artist, Track
from upbeat_sandbox.clock import iso
from upbeat_sandbox.ids import number_from
from upbeat_sandbox.people import Account, Playlist
from upbeat_sandbox.soundcloud.answers import api
from upbeat_sandbox.soundcloud.permalinks import SITE, last_part, number, permalink, urn

NOTHING_SOLD = {"purchase_title": "", "purchase_url": ""}
ALL_RIGHTS = "all-rights-reserved"
_STILL: dict[str, Any] = {
    "available_country_codes": "",
    "comment_count": 0,
    "commentable": True,
    "description": "",
    "download_count": 0,
    "download_url": None,
    "downloadable": False,
    "embeddable_by": "all",
    "key_signature": "",
    "kind": "track",
    "license": ALL_RIGHTS,
    "playback_count": 0,
    **NOTHING_SOLD,
    "release": "",
    "reposts_count": 0,
    "reveal_comments": True,
    "reveal_stats": True,
    "secret_uri": "",
    "sharing": "public",
    "streamable": True,
    "tag_list": "",
    "user_playback_count": 0,
}
"""What every track here has: nobody comments, reposts, sells or downloads."""
JOINED = datetime(2018, 1, 1, 12, 8, 25, tzinfo=UTC)


def moment(when: datetime) -> str:
    """`2026/01/13 17:02:45 +0000`, no ISO 8601."""
    return when.astimezone(UTC).strftime("%Y/%m/%d %H:%M:%S +0000")


def picture(call: Call, kind: str, item: Any) -> str:
    """100 pixels wide; with `t500x500` for `large` it is wider."""
    drawn = item.spotify_id if isinstance(item, Album | Artist) else number(item)
    return f"{call.origin}/soundcloud/images/{kind}-{drawn}-large.png"


def user(call: Call, one: Artist | Account) -> dict[str, Any]:
    """Somebody: an artist, or a fan."""
    is_artist = isinstance(one, Artist)
    first, _, last = one.name.partition(" ")
    since = JOINED if isinstance(one, Artist) else one.created_at
    return {
        "avatar_url": picture(call, "artist" if is_artist else "user", one),
        "city": "Hamburg",
        "country": "Germany",
        "created_at": iso(since),
        "description": "",
        "discogs_name": "",
        "first_name": first,
        "followers_count": one.followers if isinstance(one, Artist) else 0,
        "followings_count": 0 if isinstance(one, Artist) else len(followings(one)),
        "full_name": one.name,
        "id": int(number(one)),
        "kind": "user",
        "last_modified": iso(since),
        "last_name": last,
        "permalink": last_part(one),
        "permalink_url": f"{SITE}/{permalink(one)}",
        "plan": "Pro Unlimited" if is_artist else "Free",
        "playlist_count": len(one.albums) if isinstance(one, Artist) else 0,
        "public_favorites_count": 0,
        "reposts_count": 0,
        "subscriptions": [],
        "track_count": sum(len(album.tracks) for album in one.albums) if isinstance(one, Artist) else 0,
        "uri": api(call, f"/users/{urn(one)}"),
        "urn": urn(one),
        "username": one.name,
        "website": "",
        "website_title": "",
    }


def followings(account: Account) -> list[Any]:
    """Whom a fan follows, the latest first."""
    return [*account.followed["artist"], *account.followed["user"]][::-1]


def me(call: Call, account: Account) -> dict[str, Any]:
    """The fan: more than others see. There is no e-mail address in it."""
    mine = [one for one in account.followed["playlist"] if one.owner is account and not one.deleted]
    return user(call, account) | {
        "comments_count": 0,
        "created_at": moment(account.created_at),
        "last_modified": moment(account.created_at),
        "likes_count": sum(map(len, account.saved.values())),
        "locale": "en",
        "online": True,
        "playlist_count": sum(one.public for one in mine),
        "primary_email_confirmed": True,
        "private_playlists_count": sum(not one.public for one in mine),
        "private_tracks_count": 0,
        "public_favorites_count": len(account.saved["track"]),
        "quota": {"unlimited_upload_quota": False, "upload_seconds_used": 0, "upload_seconds_left": 10800},
        "upload_seconds_left": 10800,
    }


def track(call: Call, one: Track) -> dict[str, Any]:
    fan = call.token.account if call.token else None
    return _STILL | {
        "access": access(call, one),
        "artwork_url": picture(call, "album", one.album),
        "bpm": 80.0 + number_from("bpm", one.isrc) % 80,
        "created_at": moment(one.album.released_at),
        "duration": one.duration_ms,
        "favoritings_count": sum(one in fan.saved["track"] for fan in call.service.accounts.values()),
        "genre": first_genre(one.artists[0]),
        "id": int(number(one)),
        "isrc": one.isrc,
        "label_name": one.album.label,
        "metadata_artist": ", ".join(artist.name for artist in one.artists),
        "permalink_url": f"{SITE}/{permalink(one)}",
        **out_on(one.album),
        "stream_url": api(call, f"/tracks/{urn(one)}/preview"),
        "title": one.title,
        "uri": api(call, f"/tracks/{urn(one)}"),
        "urn": urn(one),
        "user": user(call, one.artists[0]),
        "user_favorite": fan is not None and one in fan.saved["track"],
        "waveform_url": picture(call, "album", one.album),
    }


def out_on(album: Album) -> dict[str, int]:
    day = album.release_date
    return {"release_day": day.day, "release_month": day.month, "release_year": day.year}


def access(call: Call, one: Track) -> str:
    return "blocked" if one.isrc in call.service.switches["blocked"] else "playable"


def first_genre(artist: Artist) -> str:
    return artist.genres[0] if artist.genres else ""


def release(call: Call, album: Album, tracks: list[Track] | None) -> dict[str, Any]:
    """A release is a playlist with a type, a code and a day."""
    artist, kind = album.artists[0], album.kind
    return _set(call, album, artist, album.tracks, tracks) | {
        "artwork_url": picture(call, "album", album),
        "created_at": moment(album.released_at),
        "ean": album.upc,
        "genre": first_genre(artist),
        "label_name": album.label,
        "last_modified": moment(album.released_at),
        "playlist_type": kind,
        **out_on(album),
        "title": album.title,
        "type": kind,
        "likes_count": sum(album in fan.saved["album"] for fan in call.service.accounts.values()),
    }


def playlist(call: Call, one: Playlist, tracks: list[Track] | None) -> dict[str, Any]:
    """A fan's own."""
    held = [entry.track for entry in one.entries]
    return _set(call, one, one.owner, held, tracks) | {
        "artwork_url": picture(call, "playlist", one),
        "created_at": moment(one.created_at),
        "description": one.description,
        "last_modified": moment(one.entries[-1].added_at if one.entries else one.created_at),
        "sharing": "public" if one.public else "private",
        "title": one.name,
        "likes_count": sum(
            one in fan.followed["playlist"] for fan in call.service.accounts.values() if fan is not one.owner
        ),
    }


def _set(
    call: Call, one: Album | Playlist, owner: Artist | Account, held: list[Track], shown: list[Track] | None
) -> dict[str, Any]:
    """What every set has; `shown` are the tracks to show, None: without them."""
    facts: dict[str, Any] = {
        "description": "",
        "downloadable": False,
        "duration": sum(track.duration_ms for track in held),
        "ean": "",
        "embeddable_by": "all",
        "genre": "",
        "id": int(number(one)),
        "kind": "playlist",
        "label": None,
        "label_id": 0,
        "label_name": "",
        "license": ALL_RIGHTS,
        "permalink": permalink(one).rpartition("/")[2],
        "permalink_url": f"{SITE}/{permalink(one)}",
        "playlist_type": "",
        **NOTHING_SOLD,
        "release": "",
        "release_day": 0,
        "release_month": 0,
        "release_year": 0,
        "sharing": "public",
        "streamable": True,
        "tag_list": "",
        "tags": "",
        "track_count": len(held),
        "tracks_uri": api(call, f"/playlists/{urn(one)}/tracks"),
        "type": "",
        "uri": api(call, f"/playlists/{urn(one)}"),
        "urn": urn(one),
        "user": user(call, owner),
        "user_urn": urn(owner),
    }
    return facts if shown is None else facts | {"tracks": [track(call, one) for one in shown]}
