"""Spotify, as the Provider protocol wants it."""

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import quote

from upbeat.core.delivery import NOT_FOUND_YET
from upbeat.core.outcome import Outcome, already, done, refused
from upbeat.providers.base import Account, Action, Capabilities, Entity, Found, Kind, Playlist, Token
from upbeat.providers.client import OAuth2Client
from upbeat.providers.faults import made, of_playlist, whose
from upbeat.providers.fields import text
from upbeat.providers.registry import ServiceSettings
from upbeat.providers.spotify import answers, catalogue, oauth, shapes
from upbeat.providers.spotify.api import Api

_MOST_PLAYLISTS = 200
_MOST_LISTED = 1000
_PAGE = 50
_MOST_ADDED = 100
_LONGEST_PLAYLIST = 12_000


class Spotify(OAuth2Client[Api]):
    name = "spotify"
    label = "Spotify"
    capabilities = Capabilities(
        scopes={
            Action.SAVE: ("user-library-modify",),
            Action.FOLLOW: ("user-follow-modify",),
            Action.PLAYLIST: ("playlist-read-private", "playlist-modify-private", "playlist-modify-public"),
        },
        follow_scopes={Kind.PLAYLIST: ("playlist-modify-public",)},
        read_scopes=("user-library-read",),
        base_scopes=(),
        follow_kinds=frozenset({Kind.ARTIST, Kind.PLAYLIST, Kind.USER}),
        follow_now=True,
        grant_life=timedelta(days=180),
        rotates=False,
        rate=600.0,
        max_rate=600.0,
    )

    def __init__(self, settings: ServiceSettings) -> None:
        super().__init__(settings, Api, catalogue, oauth.oauth)

    async def who(self, access: Token) -> Account | Outcome:
        """`account_id` never changes; `id` stands in for it where an older app does not get it.

        `/me` needs no permission: what is forbidden there, twice, is forbidden to this fan, whatever the words.
        """
        me = await self._api.ask("/me", access)
        if isinstance(me, Outcome) and me.reason == "forbidden":
            me = await self._api.ask("/me", access)
        if isinstance(me, Outcome):
            return answers.not_listed() if me.reason == "forbidden" else me
        name = text(me, "display_name") or text(me, "id")
        return whose(text(me, "account_id") or text(me, "id"), name, self.label)

    async def save(self, access: Token, release: Found) -> Outcome:
        return await self._put_library(access, release.kind, release.id)

    async def is_saved(self, access: Token, release: Found) -> bool | Outcome:
        uri = shapes.uri(release.kind, release.id)
        held = await self._api.ask("/me/library/contains", access, query={"uris": uri})
        return held if isinstance(held, Outcome) else held == [True]

    async def follow(self, access: Token, entity: Entity) -> Outcome:
        """An artist is followed by both doors: the new one may refuse artists, or take them and do nothing."""
        outcome = await self._put_library(access, entity.kind, entity.id)
        if entity.kind is Kind.ARTIST and (outcome.good or outcome.reason == "bad_request"):
            query = {"type": "artist", "ids": entity.id}
            old = await self._api.act("PUT", "/me/following", access, query=query)
            outcome = outcome if outcome.good and old.reason in ("forbidden", NOT_FOUND_YET) else old
        if outcome.reason == NOT_FOUND_YET:
            return refused("gone", "This is no longer on Spotify.", status=outcome.status)
        return outcome

    async def playlists(self, access: Token) -> list[Playlist] | Outcome:
        me = await self._api.ask("/me", access)
        if isinstance(me, Outcome):
            return me
        mine: list[Playlist] = []
        for offset in range(0, _MOST_LISTED, _PAGE):
            page = await self._api.ask("/me/playlists", access, query=_page(offset))
            if isinstance(page, Outcome):
                return page
            mine += shapes.own_playlists(page, owner=text(me, "id"))
            if len(mine) >= _MOST_PLAYLISTS or not text(page, "next"):
                break
        return mine[:_MOST_PLAYLISTS]

    async def create_playlist(self, access: Token, name: str) -> Playlist | Outcome:
        """A private one."""
        content = {"name": name, "public": False}
        new = await self._api.ask("/me/playlists", access, method="POST", content=content)
        return new if isinstance(new, Outcome) else made(shapes.playlist(new), self.label)

    async def playlist_tracks(self, access: Token, playlist_id: str) -> list[str] | Outcome:
        ids: list[str] = []
        for offset in range(0, _LONGEST_PLAYLIST, _PAGE):
            page = await self._api.ask(_items(playlist_id), access, query=_page(offset))
            if isinstance(page, Outcome):
                return of_playlist(page)
            ids += shapes.playlist_track_ids(page)
            if not text(page, "next"):
                break
        return ids

    async def add_tracks(self, access: Token, playlist_id: str, track_ids: Sequence[str]) -> Outcome:
        outcome = already("nothing_to_add") if not track_ids else done()
        for start in range(0, len(track_ids), _MOST_ADDED):
            uris = [shapes.uri(Kind.TRACK, track) for track in track_ids[start : start + _MOST_ADDED]]
            outcome = await self._api.act("POST", _items(playlist_id), access, content={"uris": uris})
            if not outcome.good:
                return of_playlist(outcome)
        return outcome

    async def _put_library(self, access: Token, kind: Kind, id: str) -> Outcome:
        """The URIs go into the query: in the body they are not found."""
        return await self._api.act("PUT", "/me/library", access, query={"uris": shapes.uri(kind, id)})


def _page(offset: int) -> dict[str, str]:
    return {"limit": str(_PAGE), "offset": str(offset)}


def _items(playlist_id: str) -> str:
    return f"/playlists/{quote(playlist_id, safe='')}/items"
