"""Deezer, as the Provider protocol wants it."""

from collections.abc import Sequence
from urllib.parse import quote

from upbeat.core.delivery import NOT_FOUND_YET
from upbeat.core.outcome import Outcome, already, done, reconnect, refused
from upbeat.providers.base import Account, Action, Capabilities, Entity, Found, Grant, Kind, Playlist, Token
from upbeat.providers.client import Client
from upbeat.providers.deezer import catalogue, oauth, shapes
from upbeat.providers.deezer.api import Api
from upbeat.providers.faults import made, of_playlist, whose
from upbeat.providers.fields import text
from upbeat.providers.registry import ServiceSettings

_MOST_PLAYLISTS = 200
_MOST_LISTED = 2000
_MOST_ADDED = 50


class Deezer(Client[Api]):
    name = "deezer"
    label = "Deezer"
    capabilities = Capabilities(
        scopes={
            Action.SAVE: ("manage_library",),
            Action.FOLLOW: ("manage_library",),
            Action.PLAYLIST: ("manage_library",),
        },
        base_scopes=("basic_access", "offline_access"),
        follow_kinds=frozenset({Kind.ARTIST}),
        follow_now=False,
        grant_life=None,
        rotates=False,
        rate=8.0,
        max_rate=10.0,
        looks_up_without_credential=True,
    )

    def __init__(self, settings: ServiceSettings) -> None:
        super().__init__(settings, Api, catalogue)

    def authorize_url(
        self, *, redirect_uri: str, state: str, scopes: Sequence[str], challenge: str, ask_again: bool = False
    ) -> str:
        """Deezer's dialect has no PKCE and no way to insist on the page."""
        return oauth.authorize_url(self._settings, redirect_uri=redirect_uri, state=state, scopes=scopes)

    async def exchange(self, *, code: str, redirect_uri: str, verifier: str) -> Grant | Outcome:
        return await oauth.exchange(self._door, self._api, self._settings, code)

    async def renew(self, refresh: Token) -> Grant | Outcome:
        """There is nothing to renew: with `offline_access` a token has no end, and without one no successor."""
        return reconnect("The permission has ended, and Deezer renews none.")

    async def who(self, access: Token) -> Account | Outcome:
        me = await self._api.ask("/user/me", access)
        return me if isinstance(me, Outcome) else whose(text(me, "id"), text(me, "name"), self.label)

    async def save(self, access: Token, release: Found) -> Outcome:
        query = {f"{release.kind}_id": release.id}
        return await self._api.act(f"/user/me/{release.kind}s", access, query)

    async def is_saved(self, access: Token, release: Found) -> bool | Outcome:
        """There is no asking for one: the fan's newest 2000 are looked through."""
        async for page in self._api.pages(f"/user/me/{release.kind}s", access, _MOST_LISTED):
            if isinstance(page, Outcome):
                return page
            if any(text(one, "id") == release.id for one in page):
                return True
        return False

    async def follow(self, access: Token, entity: Entity) -> Outcome:
        if entity.kind not in self.capabilities.follow_kinds:
            return refused("not_offered", f"On Deezer we follow artists only, and this is a {entity.kind}.")
        outcome = await self._api.act("/user/me/artists", access, {"artist_id": entity.id})
        if outcome.reason == NOT_FOUND_YET:
            return refused("gone", "This is no longer on Deezer.", status=outcome.status)
        return outcome

    async def playlists(self, access: Token) -> list[Playlist] | Outcome:
        me = await self._api.ask("/user/me", access)
        if isinstance(me, Outcome):
            return me
        mine: list[Playlist] = []
        async for page in self._api.pages("/user/me/playlists", access, _MOST_LISTED):
            if isinstance(page, Outcome):
                return page
            mine += [shapes.playlist(one) for one in page if shapes.may_add_to(one, text(me, "id"))]
        return mine[:_MOST_PLAYLISTS]

    async def create_playlist(self, access: Token, name: str) -> Playlist | Outcome:
        """A new one is public on Deezer; it is made private right after, and kept even where that fails."""
        new = await self._api.ask("/user/me/playlists", access, {"title": name}, method="POST")
        if isinstance(new, Outcome):
            return new
        playlist = made(Playlist(text(new, "id"), name), self.label)
        if isinstance(playlist, Playlist):
            await self._api.act(f"/playlist/{playlist.id}", access, {"public": "false"})
        return playlist

    async def playlist_tracks(self, access: Token, playlist_id: str) -> list[str] | Outcome:
        ids: list[str] = []
        async for page in self._api.pages(_tracks(playlist_id), access, _MOST_LISTED):
            if isinstance(page, Outcome):
                return of_playlist(page)
            ids += shapes.track_ids({"data": page})
        return ids

    async def add_tracks(self, access: Token, playlist_id: str, track_ids: Sequence[str]) -> Outcome:
        """In order. Where one of several is there already Deezer takes none of them, so they go one by one."""
        outcome = already("nothing_to_add") if not track_ids else done()
        for start in range(0, len(track_ids), _MOST_ADDED):
            part = track_ids[start : start + _MOST_ADDED]
            outcome = await self._api.act(_tracks(playlist_id), access, {"songs": ",".join(part)})
            if outcome.reason == "already" and len(part) > 1:
                for track in part:
                    outcome = await self._api.act(_tracks(playlist_id), access, {"songs": track})
                    if not outcome.good:
                        return of_playlist(outcome)
            if not outcome.good:
                return of_playlist(outcome)
        return outcome

    async def credential(self) -> Outcome:
        return await oauth.credential(self._door, self._settings)


def _tracks(playlist_id: str) -> str:
    return f"/playlist/{quote(playlist_id, safe='')}/tracks"
