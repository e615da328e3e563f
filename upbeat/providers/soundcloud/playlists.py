"""A fan's playlists on SoundCloud. One is written whole: what is in it is read, and put back with what is new."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from upbeat.core.delivery import NOT_FOUND_YET
from upbeat.core.outcome import Outcome, already, done, later, refused
from upbeat.providers.base import Kind, Playlist, Token
from upbeat.providers.faults import made
from upbeat.providers.fields import dicts, number
from upbeat.providers.soundcloud import shapes, urns
from upbeat.providers.soundcloud.answers import LABEL
from upbeat.providers.soundcloud.api import ALL_TRACKS, Api

_MOST_PLAYLISTS = 200
_MOST_TRACKS = 2000


@dataclass(frozen=True, slots=True)
class Held:
    """What a playlist holds. `whole`: it can be put back without losing a track the service does not show us."""

    tracks: tuple[str, ...]
    whole: bool


async def own(api: Api, access: Token) -> list[Playlist] | Outcome:
    """The fan's own, without releases of their own music."""
    query = {"show_tracks": "false", "limit": str(_MOST_PLAYLISTS)}
    mine: list[Playlist] = []
    async for page in api.pages("/me/playlists", access, query, _MOST_PLAYLISTS):
        if isinstance(page, Outcome):
            return page
        mine += [
            shapes.playlist(one) for one in page if shapes.playlist(one).id and not shapes.is_release(one)
        ]
    return mine[:_MOST_PLAYLISTS]


async def create(api: Api, access: Token, name: str) -> Playlist | Outcome:
    """A private one."""
    content = {"playlist": {"title": name, "sharing": "private"}}
    new = await api.ask("/playlists", access, method="POST", content=content)
    return new if isinstance(new, Outcome) else made(shapes.playlist(new), LABEL)


async def held(api: Api, access: Token, playlist_id: str) -> Held | Outcome:
    """What is in it now: the playlist brings its tracks along; where it brings fewer than it counts they are listed."""
    data = await api.ask(_path(playlist_id), access, ALL_TRACKS)
    if isinstance(data, Outcome):
        return _of_playlist(data)
    entries, counted = dicts(data, "tracks"), number(data, "track_count")
    if len(entries) < counted:
        listed: list[Any] = []
        async for page in api.pages(f"{_path(playlist_id)}/tracks", access, ALL_TRACKS, _MOST_TRACKS):
            if isinstance(page, Outcome):
                return _of_playlist(page)
            listed += page
        entries = max(entries, listed, key=len)
    tracks = shapes.track_ids({"tracks": entries})
    return Held(tracks, whole=len(tracks) == len(entries) >= counted)


async def add(api: Api, access: Token, playlist_id: str, track_ids: Sequence[str]) -> Outcome:
    """What is missing goes to the end; doubles and tracks this fan may not hear stay where they are."""
    if not track_ids:
        return already("nothing_to_add")
    there = await held(api, access, playlist_id)
    if isinstance(there, Outcome):
        return there
    missing = [track for track in dict.fromkeys(track_ids) if track not in there.tracks]
    if not missing:
        return already()
    if not there.whole:
        note = "SoundCloud shows only a part of this playlist: adding to it would lose the rest."
        return refused("playlist_hidden", note)
    content = {"playlist": {"tracks": [{"urn": track} for track in (*there.tracks, *missing)]}}
    return _taken(await api.ask(_path(playlist_id), access, method="PUT", content=content), missing)


def _taken(written: Any | Outcome, missing: Sequence[str]) -> Outcome:
    """What came of writing: the answer is the playlist as it is now."""
    if isinstance(written, Outcome):
        return _of_playlist(written)
    there = shapes.track_ids(written)
    if there and not set(missing) <= set(there):
        return later("not_done", "SoundCloud did not take all of the tracks.")
    return done()


def _path(playlist_id: str) -> str:
    return urns.path(urns.read(Kind.PLAYLIST, playlist_id) or f"soundcloud:playlists:{playlist_id}")


def _of_playlist(outcome: Outcome) -> Outcome:
    """A playlist that is not there is gone, and will not come."""
    if outcome.reason == NOT_FOUND_YET:
        return refused("playlist_gone", "The playlist is no longer there.", status=outcome.status)
    return outcome
