"""TIDAL, as the Provider protocol wants it."""

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import quote

from upbeat.core.delivery import NOT_FOUND_YET
from upbeat.core.outcome import Outcome, already, done, later, refused
from upbeat.providers.base import Account, Action, Capabilities, Entity, Found, Kind, Playlist, Token
from upbeat.providers.client import OAuth2Client
from upbeat.providers.faults import whose
from upbeat.providers.fields import text
from upbeat.providers.registry import ServiceSettings
from upbeat.providers.tidal import catalogue, oauth, shapes
from upbeat.providers.tidal.api import Api

_COLLECTIONS = {
    Kind.ALBUM: ("userCollectionAlbums", "albums"),
    Kind.TRACK: ("userCollectionTracks", "tracks"),
    Kind.ARTIST: ("userCollectionArtists", "artists"),
    Kind.PLAYLIST: ("userCollectionPlaylists", "playlists"),
}
_MOST_PLAYLISTS = 200
_MOST_ADDED = 50
_MOST_PAGES = 500


class Tidal(OAuth2Client[Api]):
    name = "tidal"
    label = "TIDAL"
    capabilities = Capabilities(
        scopes={
            Action.SAVE: ("collection.write",),
            Action.FOLLOW: ("collection.write",),
            Action.PLAYLIST: ("playlists.read", "playlists.write"),
        },
        read_scopes=("collection.read",),
        base_scopes=("user.read",),
        follow_kinds=frozenset({Kind.ARTIST, Kind.PLAYLIST}),
        follow_now=True,
        grant_life=None,
        unrenewed_life=timedelta(hours=4),
        brings_refresh=False,
        rotates=False,
        rate=4.0,
        max_rate=12.0,
    )

    def __init__(self, settings: ServiceSettings) -> None:
        super().__init__(settings, Api, catalogue, oauth.oauth)

    async def who(self, access: Token) -> Account | Outcome:
        """The name is the person's: what TIDAL calls the username is often an e-mail address."""
        me = await self._api.ask("/users/me", access)
        if isinstance(me, Outcome):
            return me
        for user in shapes.resources(me):
            names = (text(user, "attributes", "firstName"), text(user, "attributes", "lastName"))
            return whose(text(user, "id"), " ".join(filter(None, names)), self.label)
        return later("unreadable", "TIDAL did not say whose permission it is.")

    async def save(self, access: Token, release: Found) -> Outcome:
        return await self._collect(access, release.kind, release.id)

    async def is_saved(self, access: Token, release: Found) -> bool | Outcome:
        """The newest first. A collection that looks empty says nothing: some apps are shown no other."""
        saw = False
        path, query = _items(_COLLECTIONS[release.kind][0], "me"), {"sort": "-addedAt"}
        async for page in self._api.pages(path, access, query, _MOST_PAGES):
            if isinstance(page, Outcome):
                return page
            ids = {text(one, "id") for one in shapes.resources(page)}
            if release.id in ids:
                return True
            saw = saw or bool(ids)
        return False if saw else later("not_shown", "TIDAL does not show us the fan's collection.")

    async def follow(self, access: Token, entity: Entity) -> Outcome:
        if entity.kind not in self.capabilities.follow_kinds:
            return refused(
                "not_offered", f"On TIDAL we follow artists and playlists, and this is a {entity.kind}."
            )
        outcome = await self._collect(access, entity.kind, entity.id)
        if outcome.reason == NOT_FOUND_YET:
            return refused("gone", "This is no longer on TIDAL.", status=outcome.status)
        return outcome

    async def playlists(self, access: Token) -> list[Playlist] | Outcome:
        mine: list[Playlist] = []
        query = {"filter[owners.id]": "me", "sort": "-createdAt"}
        async for page in self._api.pages("/playlists", access, query, _MOST_PAGES):
            if isinstance(page, Outcome):
                return page
            mine += shapes.playlists(page)
            if len(mine) >= _MOST_PLAYLISTS:
                break
        return mine[:_MOST_PLAYLISTS]

    async def create_playlist(self, access: Token, name: str) -> Playlist | Outcome:
        """An unlisted one: that is as private as the API makes them."""
        content = {"data": {"type": "playlists", "attributes": {"name": name, "accessType": "UNLISTED"}}}
        made = await self._api.make("/playlists", access, content)
        if isinstance(made, Outcome):
            return made
        for data in shapes.resources(made):
            if text(data, "id"):
                return shapes.playlist(data)
        return later("unreadable", "TIDAL did not say which playlist it made.")

    async def playlist_tracks(self, access: Token, playlist_id: str) -> list[str] | Outcome:
        ids: list[str] = []
        async for page in self._api.pages(_items("playlists", playlist_id), access, {}, _MOST_PAGES):
            if isinstance(page, Outcome):
                return _of_playlist(page)
            ids += shapes.track_ids(page)
        return ids

    async def add_tracks(self, access: Token, playlist_id: str, track_ids: Sequence[str]) -> Outcome:
        """In order, fifty at a time. What the catalogue does not show yet is left out, and said so."""
        outcome = already("nothing_to_add") if not track_ids else done()
        for start in range(0, len(track_ids), _MOST_ADDED):
            part = track_ids[start : start + _MOST_ADDED]
            outcome = await self._api.add(_items("playlists", playlist_id), access, "tracks", part)
            if not outcome.good:
                return _of_playlist(outcome)
        return outcome

    async def _collect(self, access: Token, kind: Kind, id: str) -> Outcome:
        collection, type_name = _COLLECTIONS[kind]
        return await self._api.add(_items(collection, "me"), access, type_name, [id])


def _items(resource: str, id: str) -> str:
    return f"/{resource}/{quote(id, safe='')}/relationships/items"


def _of_playlist(outcome: Outcome) -> Outcome:
    """A playlist that is not there is gone, and will not come; a track that is not there yet may."""
    if outcome.reason == NOT_FOUND_YET and outcome.status == 404:
        return refused("playlist_gone", "The playlist is no longer there.", status=outcome.status)
    return outcome
