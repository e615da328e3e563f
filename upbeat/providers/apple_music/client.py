"""Apple Music, as the Provider protocol wants it."""

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import quote

from upbeat.core.delivery import NOT_FOUND_YET
from upbeat.core.outcome import Outcome, Verdict, already, done, later, reconnect, refused
from upbeat.providers.apple_music import catalogue, library, oauth, shapes
from upbeat.providers.apple_music.api import Api
from upbeat.providers.base import (
    Account,
    Action,
    Asks,
    Capabilities,
    Entity,
    Found,
    Grant,
    Kind,
    Playlist,
    Token,
)
from upbeat.providers.client import Client
from upbeat.providers.fields import at, dicts, text
from upbeat.providers.registry import ServiceSettings

_MOST_PLAYLISTS = 200
_MOST_PAGES = 50
_MOST_ADDED = 100
_ALL = "library"
"""Our own word: a user token allows everything the library has, or is none."""


class AppleMusic(Client[Api]):
    """Keeps the installation's key and the way to the service; nothing of a fan."""

    name = "apple_music"
    label = "Apple Music"
    capabilities = Capabilities(
        scopes={Action.SAVE: (_ALL,), Action.FOLLOW: (_ALL,), Action.PLAYLIST: (_ALL,)},
        base_scopes=(),
        follow_kinds=frozenset({Kind.ARTIST}),
        follow_now=True,
        grant_life=timedelta(days=180),
        rotates=False,
        rate=10.0,
        max_rate=50.0,
        asks=Asks.MUSICKIT,
        unrenewed_life=timedelta(days=180),
        brings_refresh=False,
        knows_accounts=False,
        second_word=timedelta(hours=2),
        looks_up_without_credential=True,
    )

    def __init__(self, settings: ServiceSettings) -> None:
        super().__init__(settings, Api, catalogue)

    @staticmethod
    def mistake(settings: ServiceSettings) -> str:
        """What is wrong with the credential, as far as that shows without asking Apple."""
        return oauth.mistake(settings)

    def authorize_url(
        self, *, redirect_uri: str, state: str, scopes: Sequence[str], challenge: str, ask_again: bool = False
    ) -> str:
        """There is no page to send the fan to: MusicKit asks on ours (`capabilities.asks`)."""
        raise NotImplementedError("MusicKit asks on our own page.")

    def page_token(self, origin: str) -> Token | Outcome:
        """What MusicKit is configured with on the pages of one site. Public by nature, and good there alone."""
        return self._api.signer.token(origin)

    async def exchange(self, *, code: str, redirect_uri: str, verifier: str) -> Grant | Outcome:
        """`code` is the user token that MusicKit brought. Apple is asked whether it opens the fan's library."""
        if not oauth.is_user_token(code):
            return _not_taken()
        outcome = await self._api.ask("/v1/me/library/albums", Token(code), query={"limit": "1"})
        if isinstance(outcome, Outcome) and outcome.verdict is Verdict.RECONNECT:
            return _not_taken(outcome.status)
        if isinstance(outcome, Outcome) and outcome.reason != NOT_FOUND_YET:
            return outcome
        return Grant(access=Token(code), refresh=None, expires_in=None, scopes=frozenset({_ALL}))

    async def renew(self, refresh: Token) -> Grant | Outcome:
        """A user token has no successor."""
        return reconnect("The permission has ended, and Apple renews none.")

    async def who(self, access: Token) -> Account | Outcome:
        """Apple tells a fan's country and nothing else: the token stands for the account, and there is no name."""
        storefront = await library.storefront_of(self._api, access)
        return storefront if isinstance(storefront, Outcome) else Account(oauth.account_id(access), "")

    async def save(self, access: Token, release: Found) -> Outcome:
        return await library.save(self._api, access, release)

    async def is_saved(self, access: Token, release: Found) -> bool | Outcome:
        return await library.is_saved(self._api, access, release)

    async def follow(self, access: Token, entity: Entity) -> Outcome:
        """There is no following: a favourite artist is the nearest. Whether Apple takes artists there is unproven, and
        what it has taken cannot be read back, so an artist who does not exist is found out before."""
        if entity.kind not in self.capabilities.follow_kinds:
            return refused(
                "not_offered", f"On Apple Music we follow artists only, and this is a {entity.kind}."
            )
        known = await catalogue.entity(self._api, entity.kind, entity.id)
        if isinstance(known, Outcome):
            return known
        if known is None:
            return refused("gone", "This is no longer on Apple Music.", status=404)
        return await self._api.act("POST", "/v1/me/favorites", access, query={"ids[artists]": entity.id})

    async def playlists(self, access: Token) -> list[Playlist] | Outcome:
        mine: list[tuple[str, Playlist]] = []
        async for page in self._api.pages("/v1/me/library/playlists", access, {"limit": "100"}, _MOST_PAGES):
            if isinstance(page, Outcome):
                return page
            own = filter(shapes.may_add_to, dicts(page, "data"))
            mine += [(text(one, "attributes", "dateAdded"), shapes.playlist(one)) for one in own]
        newest_first = sorted(mine, key=lambda dated: dated[0], reverse=True)
        return [playlist for _, playlist in newest_first][:_MOST_PLAYLISTS]

    async def create_playlist(self, access: Token, name: str) -> Playlist | Outcome:
        """A private one."""
        content = {"attributes": {"name": name, "isPublic": False}}
        made = await self._api.ask("/v1/me/library/playlists", access, method="POST", content=content)
        if isinstance(made, Outcome):
            return made
        made_id = text(shapes.only(made), "id")
        if not made_id:
            return later("unreadable", "Apple Music made a playlist and did not say which.", status=201)
        return Playlist(made_id, name)

    async def playlist_tracks(self, access: Token, playlist_id: str) -> list[str] | Outcome:
        """With the playlist itself, which is there even when it is empty; the pages after the first one apart."""
        path = f"/v1/me/library/playlists/{quote(playlist_id, safe='')}"
        whole = await self._api.ask(path, access, query={"include": "tracks"})
        if isinstance(whole, Outcome):
            gone = refused("playlist_gone", "The playlist is no longer there.", status=whole.status)
            return gone if whole.reason == NOT_FOUND_YET else whole
        tracks = at(shapes.only(whole), "relationships", "tracks")
        ids, offset = shapes.added_ids(tracks), shapes.next_offset(tracks)
        if not offset:
            return ids
        async for page in self._api.pages(f"{path}/tracks", access, {"offset": offset}, _MOST_PAGES):
            if isinstance(page, Outcome):
                return page
            ids += shapes.added_ids(page)
        return ids

    async def add_tracks(self, access: Token, playlist_id: str, track_ids: Sequence[str]) -> Outcome:
        """A playlist that was just made is not there at once: a 404 here is no proof that it is gone."""
        outcome = already("nothing_to_add") if not track_ids else done()
        path = f"/v1/me/library/playlists/{quote(playlist_id, safe='')}/tracks"
        for start in range(0, len(track_ids), _MOST_ADDED):
            some = [{"id": track, "type": "songs"} for track in track_ids[start : start + _MOST_ADDED]]
            outcome = await self._api.act("POST", path, access, content={"data": some})
            if outcome.reason == NOT_FOUND_YET:
                return later("playlist_not_there", "Apple Music does not show the playlist.", status=404)
            if not outcome.good:
                return outcome
        return outcome

    async def credential(self) -> Outcome:
        return await self._api.known() or done()


def _not_taken(status: int | None = None) -> Outcome:
    return refused("code_refused", "Apple does not know the permission that came back.", status=status)
