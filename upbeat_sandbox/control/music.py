"""Control: the catalogue; new releases and artists, and the moment a release comes out."""

from datetime import date, timedelta
from typing import Any

from upbeat_sandbox.catalogue import Album, Artist, Track
from upbeat_sandbox.clock import iso, read_moment, seconds
from upbeat_sandbox.control.asking import Ask, Wrong, on, texts, whole
from upbeat_sandbox.ids import is_gtin, is_isrc
from upbeat_sandbox.played import SERVICES
from upbeat_sandbox.seed import made_album, made_artist

FIELDS = [
    "title",
    "artists",
    "tracks",
    "upc",
    "kind",
    "released_at",
    "release_date",
    "label",
    "spotify_upc_digits",
    "services",
    "delays",
    "visible_before",
]


def addresses(kind: str, item: Artist | Album | Track) -> dict[str, Any]:
    """Where it is on each service."""
    found = {name: {"id": item.ids[name], "url": facts.url(kind, item)} for name, facts in SERVICES.items()}
    return found | {"spotify": found["spotify"] | {"uri": f"spotify:{kind}:{item.spotify_id}"}}


def shown_track(track: Track) -> dict[str, Any]:
    facts = {
        "title": track.title,
        "isrc": track.isrc,
        "number": track.number,
        "duration_ms": track.duration_ms,
    }
    return facts | addresses("track", track)


def shown(ask: Ask, album: Album) -> dict[str, Any]:
    now = ask.world.clock.now()
    return {
        "title": album.title,
        "artists": [artist.name for artist in album.artists],
        "kind": album.kind,
        "upc": album.upc,
        "spotify_upc": album.spotify_upc,
        "released_at": iso(album.released_at),
        "release_date": album.release_date.isoformat(),
        "label": album.label,
        "services": sorted(album.services),
        "delays": {service: span.total_seconds() for service, span in album.delays.items()},
        "visible_before": sorted(album.visible_before),
        "visible": {service: album.visible(service, now) for service in SERVICES},
        **addresses("album", album),
        "tracks": [shown_track(track) for track in album.tracks],
    }


def shown_artist(artist: Artist) -> dict[str, Any]:
    return {"name": artist.name, "genres": artist.genres} | addresses("artist", artist)


def listed(ask: Ask) -> dict[str, Any]:
    """Artists, releases, public playlists and curators with all their ids and links."""
    playlists, profiles = [], []
    for service in ask.world.services.values():
        for one in service.playlists.values():
            if one.public and one.description and not one.deleted:
                facts = {"service": service.name, "id": one.id, "name": one.name, "owner": one.owner.name}
                playlists.append(facts | {"url": service.facts.url("playlist", one)})
        for account in {one.owner for one in service.playlists.values() if one.description}:
            facts = {"service": service.name, "id": account.id, "name": account.name}
            profiles.append(facts | {"url": service.facts.url("user", account)})
    return {
        "artists": [shown_artist(artist) for artist in ask.world.catalogue.artists],
        "releases": [shown(ask, album) for album in ask.world.catalogue.albums],
        "playlists": playlists,
        "profiles": sorted(profiles, key=lambda one: (one["service"], one["name"])),
    }


@on("GET", "/catalogue", "", "all music, public playlists and curators, with ids, UPCs, ISRCs and links")
def catalogue(ask: Ask) -> dict[str, Any]:
    return listed(ask)


@on("GET", "/releases", "", "every release and whether each service shows it now")
def releases(ask: Ask) -> dict[str, Any]:
    return {"releases": [shown(ask, album) for album in ask.world.catalogue.albums]}


def album_at(ask: Ask) -> Album:
    album = ask.world.catalogue.album_by_upc(ask.values["upc"])
    if album is None:
        raise Wrong(f"there is no release with UPC {ask.values['upc']}", 404)
    return album


@on("GET", "/releases/{upc}", "", "one release")
def release(ask: Ask) -> dict[str, Any]:
    return shown(ask, album_at(ask))


@on(
    "POST",
    "/releases",
    "",
    'one release or many ({"releases": [...]}): {"title", "artists": [names], "tracks": [{"title", "seconds", "isrc", '
    '"explicit", "artists"}], "released_at": moment, "release_date", "kind", "upc", "label", '
    '"spotify_upc_digits": 12|13|14, '
    '"services", "delays": {"spotify": seconds}, "visible_before": ["deezer"]}',
)
def make_releases(ask: Ask) -> dict[str, Any]:
    wanted = (
        ask.data.get("releases", [ask.data])
        if "releases" not in ask.data
        else ask.only("releases")["releases"]
    )
    if not isinstance(wanted, list) or not all(isinstance(one, dict) for one in wanted):
        raise Wrong("releases is a list of objects")
    checked = [checked_release(ask, one) for one in wanted]
    codes = [int(one["upc"]) for one in checked if one.get("upc")]
    if len(set(codes)) < len(codes):
        raise Wrong("two of these releases have the same UPC")
    made = []
    for one in checked:
        album = made_album(ask.world.catalogue, **one)
        ask.world.catalogue.add_album(album)
        made.append(album)
    return {"releases": [shown(ask, album) for album in made], "created": True}


def checked_release(ask: Ask, data: dict[str, Any]) -> dict[str, Any]:
    """The wishes for one release, read and checked, as `made_album` takes them."""
    unknown = set(data) - set(FIELDS)
    if unknown:
        raise Wrong(f"a release has no field {min(unknown)!r}; it has {', '.join(FIELDS)}")
    for name in ("title", "artists", "released_at"):
        if not data.get(name):
            raise Wrong(f"a release needs {name}")
    upc = data.get("upc")
    if upc is not None and not (isinstance(upc, str) and is_gtin(upc) and len(upc) in (12, 13)):
        raise Wrong(f"{upc!r} is not a UPC: 12 or 13 digits as a text, the last one the check digit")
    if upc and ask.world.catalogue.album_by_upc(upc):
        raise Wrong(f"there is already a release with UPC {upc}", 409)
    tracks = data.get("tracks", [{"title": data["title"]}])
    if not isinstance(tracks, list) or not tracks:
        raise Wrong("tracks is a list of objects with titles")
    wishes: dict[str, Any] = {name: data[name] for name in ("title", "label") if name in data}
    if not all(isinstance(one, str) for one in wishes.values()):
        raise Wrong("title and label are texts")
    if upc:
        wishes["upc"] = upc
    if data.get("kind", "album") not in ("album", "single", "compilation"):
        raise Wrong("kind is album, single or compilation")
    wishes |= {
        "artists": texts(data["artists"], "artists"),
        "tracks": [checked_track(one) for one in tracks],
        "kind": data.get("kind", "album"),
    }
    return (
        wishes
        | timing(data)
        | {"spotify_upc_digits": whole(data.get("spotify_upc_digits", 12), "spotify_upc_digits", 12, 14)}
    )


def checked_track(track: object) -> dict[str, Any]:
    if not isinstance(track, dict) or not isinstance(track.get("title"), str) or not track["title"]:
        raise Wrong("a track is an object with a title")
    unknown = set(track) - {"title", "seconds", "isrc", "explicit", "artists"}
    if unknown:
        raise Wrong(f"a track has no field {min(unknown)!r}")
    if "isrc" in track and not (isinstance(track["isrc"], str) and is_isrc(track["isrc"])):
        raise Wrong(f"{track['isrc']!r} is not an ISRC such as QZUPB2600101")
    if "seconds" in track:
        whole(track["seconds"], "seconds", 1, 86_400)
    if "artists" in track:
        texts(track["artists"], "artists")
    return track


def timing(data: dict[str, Any]) -> dict[str, Any]:
    """When and where it comes out: those of the fields that are given."""
    wishes: dict[str, Any] = {}
    if "released_at" in data:
        wishes["released_at"] = read_moment(data["released_at"])
    if "release_date" in data:
        wishes["release_date"] = date.fromisoformat(str(data["release_date"]))
    for name in ("services", "visible_before"):
        if name in data:
            wishes[name] = set(services_named(data[name], name))
    if "delays" in data:
        if not isinstance(data["delays"], dict):
            raise Wrong('delays is an object such as {"spotify": 600}')
        services_named(list(data["delays"]), "delays")
        wishes["delays"] = {name: not_negative(seconds(span, name)) for name, span in data["delays"].items()}
    return wishes


def services_named(value: object, name: str) -> list[str]:
    names = texts(value, name)
    if not set(names) <= set(SERVICES):
        raise Wrong(f"{name} names services: {', '.join(SERVICES)}")
    return names


def not_negative(span: timedelta) -> timedelta:
    if span < timedelta():
        raise Wrong("a delay is zero or more seconds")
    return span


@on(
    "PATCH",
    "/releases/{upc}",
    "",
    "change one: title, released_at, release_date, services, delays, visible_before, spotify_upc_digits",
)
@on("PUT", "/releases/{upc}", "", "as PATCH")
def change_release(ask: Ask) -> dict[str, Any]:
    album = album_at(ask)
    data = ask.only(
        "title", "released_at", "release_date", "services", "delays", "visible_before", "spotify_upc_digits"
    )
    if not isinstance(data.get("title", ""), str):
        raise Wrong("title is a text")
    digits = whole(data.get("spotify_upc_digits", len(album.spotify_upc)), "spotify_upc_digits", 12, 14)
    changes = timing(data)
    if "released_at" in changes:
        changes.setdefault("release_date", changes["released_at"].date())
    changes |= {name: data[name] for name in ("title",) if data.get(name)}
    for name, value in changes.items():
        setattr(album, name, value)
    album.spotify_upc = album.upc.zfill(max(len(album.upc), digits))
    return shown(ask, album)


@on("DELETE", "/releases/{upc}", "", "take one down")
def take_down(ask: Ask) -> dict[str, Any]:
    ask.world.catalogue.remove_album(album_at(ask))
    return {"removed": 1}


@on("GET", "/artists", "", "every artist")
def artists(ask: Ask) -> dict[str, Any]:
    return {"artists": [shown_artist(artist) for artist in ask.world.catalogue.artists]}


@on("POST", "/artists", "", 'make artists: {"names": []}')
def make_artists(ask: Ask) -> dict[str, Any]:
    names = texts(ask.only("names").get("names"), "names")
    known = {artist.name for artist in ask.world.catalogue.artists}
    for name in dict.fromkeys(names):
        if name not in known:
            ask.world.catalogue.add_artist(made_artist(ask.world.catalogue, name))
    return {
        "artists": [shown_artist(one) for one in ask.world.catalogue.artists if one.name in names],
        "created": True,
    }
