"""The music everybody starts with. Every artist, title and label here is invented."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from upbeat_sandbox import ids
from upbeat_sandbox.catalogue import Album, Artist, Catalogue, Track
from upbeat_sandbox.facts import Facts
from upbeat_sandbox.people import Entry
from upbeat_sandbox.played import SERVICES
from upbeat_sandbox.seed_data import ARTISTS, PLAYLISTS, RELEASES
from upbeat_sandbox.world import Service, World


def coming_friday(now: datetime) -> date:
    """The first Friday at least a fortnight away: when the demo's release comes out unless it is moved."""
    day = now.date() + timedelta(days=14)
    return day + timedelta(days=(4 - day.weekday()) % 7)


def sown() -> World:
    """A fresh world with the seeded music, playlists and profiles in it."""
    world = World()
    for name, genres, followers in ARTISTS:
        world.catalogue.add_artist(made_artist(world.catalogue, name, genres, followers))
    for release in RELEASES:
        world.catalogue.add_album(sown_album(world, release))
    for service in world.services.values():
        sow_playlists(world, service)
    return world


def sown_album(world: World, release: dict[str, Any]) -> Album:
    day = release.get("date") or coming_friday(world.started_at) + timedelta(days=release["days_after"])
    wanted = {name: value for name, value in release.items() if name not in ("date", "days_after")}
    wanted |= {"released_at": datetime.combine(day, time(), UTC), "release_date": day}
    return made_album(world.catalogue, **wanted)


def made_artist(
    catalogue: Catalogue, name: str, genres: list[str] | None = None, followers: int = 0
) -> Artist:
    return Artist(name, free_ids(catalogue, "artist", name), genres or [], followers)


def made_album(
    catalogue: Catalogue,
    *,
    title: str,
    artists: list[str],
    tracks: list[dict[str, Any]],
    released_at: datetime,
    release_date: date | None = None,
    kind: str = "album",
    upc: str | None = None,
    spotify_upc_digits: int = 12,
    **more: Any,
) -> Album:
    """An album with its tracks (`{"title", "seconds", "isrc", "explicit", "artists"}`), not yet in the catalogue.

    Artists are given by name; unknown ones are created.
    """
    people = [artist_named(catalogue, name) for name in artists]
    code = upc or made_up_upc(catalogue, title, *artists)
    day = release_date or released_at.date()
    album = Album(title, people, kind, code, released_at, day, free_ids(catalogue, "album", code), **more)
    album.spotify_upc = code.zfill(max(len(code), spotify_upc_digits))
    for number, wanted in enumerate(tracks, start=1):
        album.tracks.append(made_track(catalogue, album, number, wanted))
    return album


def made_track(catalogue: Catalogue, album: Album, number: int, wanted: dict[str, Any]) -> Track:
    words = (album.upc, number, wanted["title"])
    length = wanted.get("seconds") or 150 + ids.number_from("length", *words) % 150
    return Track(
        title=wanted["title"],
        album=album,
        artists=[artist_named(catalogue, name) for name in wanted.get("artists", [])] or album.artists,
        isrc=wanted.get("isrc") or ids.made_up_isrc(album.release_date.year, *words),
        duration_ms=int(length * 1000),
        number=number,
        ids=free_ids(catalogue, "track", *words),
        explicit=wanted.get("explicit", False),
    )


def artist_named(catalogue: Catalogue, name: str) -> Artist:
    """The artist of this name, made if there is none."""
    known = next((artist for artist in catalogue.artists if artist.name == name), None)
    if known is None:
        known = made_artist(catalogue, name)
        catalogue.add_artist(known)
    return known


def free_ids(catalogue: Catalogue, kind: str, *words: object) -> dict[str, str]:
    """An id on each service that nothing else has."""
    return {name: free_id(catalogue, service, kind, *words) for name, service in SERVICES.items()}


def free_id(catalogue: Catalogue, service: Facts, kind: str, *words: object) -> str:
    salt = 0
    while not catalogue.free(service.name, kind, made := service.new_id(kind, *words, salt)):
        salt += 1
    return made


def made_up_upc(catalogue: Catalogue, *words: object) -> str:
    salt = 0
    while catalogue.album_by_upc(code := ids.made_up_upc(*words, salt)):
        salt += 1
    return code


def sow_playlists(world: World, service: Service) -> None:
    """Curators' profiles and their public playlists, of music that is already out."""
    now = world.started_at
    for owner, name, description, artists in PLAYLISTS:
        curator = service.open_account(owner, now - timedelta(days=900))
        playlist = service.new_playlist(curator, name, now - timedelta(days=400), description=description)
        shown = list(world.catalogue.shown_albums(service.name, now))
        picked = [track for album in shown if album.artists[0].name in artists for track in album.tracks[:4]]
        playlist.entries = [Entry(track, playlist.created_at, curator) for track in picked]
