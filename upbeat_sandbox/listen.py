"""Small readable pages behind the "Play" links: open.spotify.com/{kind}/{id} and www.deezer.com/{kind}/{id}."""

from html import escape
from string import Template
from typing import Any

from upbeat_sandbox.call import Call, Reply, as_html
from upbeat_sandbox.catalogue import Album, Artist, Track
from upbeat_sandbox.consent import STYLE, template
from upbeat_sandbox.people import Account, Playlist

Told = tuple[str, str, list[tuple[str, str]]]
LISTEN: Template = template("listen.html")


def page(call: Call) -> Reply:
    """The page of an album, artist, track, playlist or profile; 404 for what is not there (yet)."""
    parts = call.path.strip("/").split("/")
    return page_of(call, found(call, *parts) if len(parts) == 2 and call.method in ("GET", "HEAD") else None)


def page_of(call: Call, item: Any) -> Reply:
    """The page of a thing, whatever its address; None: there is nothing."""
    if item is None:
        return rendered(call, ("Nothing here", "It does not exist, or it is not out yet.", []), "", 404)
    pictured = item.album if isinstance(item, Track) else item
    picture = ""
    if isinstance(pictured, Album | Artist | Playlist):
        number = pictured.id if isinstance(pictured, Playlist) else pictured.spotify_id
        kind = type(pictured).__name__.lower()
        picture = f"/{call.service.name}/images/{kind}-{number.rpartition(':')[2]}-300.png"
    return rendered(call, told(item), picture)


def found(call: Call, kind: str, item_id: str) -> Any:
    if kind in ("user", "profile"):
        return call.service.accounts.get(item_id)
    if kind == "playlist":
        playlist = call.service.playlists.get(item_id)
        return playlist if playlist and playlist.public and not playlist.deleted else None
    if kind in ("album", "artist", "track"):
        return call.world.catalogue.find(call.service.name, kind, item_id, call.now)
    return None


def told(item: Any) -> Told:
    """Title, the line under it, and rows of (text, small text)."""
    if isinstance(item, Album):
        rows = [(track.title, length(track)) for track in item.tracks]
        return item.title, f"{names(item.artists)} · {item.kind} · {item.release_date.year}", rows
    if isinstance(item, Track):
        return item.title, f"{names(item.artists)} · {item.album.title}", [(item.title, length(item))]
    if isinstance(item, Artist):
        return item.name, " · ".join(item.genres) or "Artist", []
    if isinstance(item, Playlist):
        rows = [(entry.track.title, names(entry.track.artists)) for entry in item.entries]
        return item.name, f"Playlist by {item.owner.name}", rows
    assert isinstance(item, Account)
    return item.name, "Profile", []


def names(artists: list[Artist]) -> str:
    return ", ".join(artist.name for artist in artists)


def length(track: Track) -> str:
    minutes, rest = divmod(track.duration_ms // 1000, 60)
    return f"{minutes}:{rest:02d}"


def rendered(call: Call, words: Told, picture: str, status: int = 200) -> Reply:
    title, line, rows = words
    listed = "".join(
        f"<li><span>{escape(text)}</span><span>{escape(small)}</span></li>" for text, small in rows
    )
    html = LISTEN.substitute(
        style=STYLE,
        service=call.service.name,
        label=escape(call.service.label),
        title=escape(title),
        line=escape(line),
        picture=f'<img class="cover" src="{escape(picture)}" alt="" width="300" height="300">'
        if picture
        else "",
        rows=f'<ol class="tracks">{listed}</ol>' if listed else "",
    )
    return as_html(html, status)
