"""SoundCloud, as the Provider protocol wants it."""

from collections.abc import Sequence
from datetime import timedelta

from upbeat.core.delivery import NOT_FOUND_YET
from upbeat.core.outcome import Outcome, refused
from upbeat.providers.base import Account, Action, Capabilities, Entity, Found, Kind, Playlist, Token
from upbeat.providers.client import OAuth2Client
from upbeat.providers.faults import whose
from upbeat.providers.fields import text
from upbeat.providers.registry import ServiceSettings
from upbeat.providers.soundcloud import catalogue, oauth, playlists, shapes, urns
from upbeat.providers.soundcloud.api import ALL_TRACKS, Api

_MOST_LISTED = 2000


class SoundCloud(OAuth2Client[Api]):
    name = "soundcloud"
    label = "SoundCloud"
    capabilities = Capabilities(
        scopes={Action.SAVE: (), Action.FOLLOW: (), Action.PLAYLIST: ()},
        base_scopes=(),
        follow_kinds=frozenset({Kind.ARTIST, Kind.USER}),
        follow_now=False,
        grant_life=None,
        rotates=True,
        rate=20.0,
        max_rate=100.0,
        adds_repeat_safely=True,
        writes_playlists_whole=True,
        finds_by=frozenset(),
        second_word=timedelta(hours=1),
    )

    def __init__(self, settings: ServiceSettings) -> None:
        super().__init__(settings, Api, catalogue, oauth.oauth)

    async def who(self, access: Token) -> Account | Outcome:
        me = await self._api.ask("/me", access)
        if isinstance(me, Outcome):
            return me
        return whose(shapes.urn(Kind.USER, me), text(me, "username"), self.label)

    async def save(self, access: Token, release: Found) -> Outcome:
        """Liked: that is what SoundCloud calls its library."""
        return await self._api.act("POST", f"/likes{urns.path(_urn(release.kind, release.id))}", access)

    async def is_saved(self, access: Token, release: Found) -> bool | Outcome:
        """There is no asking for one: the fan's newest 2000 are looked through."""
        wanted = _urn(release.kind, release.id)
        is_track = urns.is_track(wanted)
        query = {"limit": "200", **(ALL_TRACKS if is_track else {})}
        path = f"/me/likes/{'tracks' if is_track else 'playlists'}"
        kind = Kind.TRACK if is_track else Kind.PLAYLIST
        async for page in self._api.pages(path, access, query, _MOST_LISTED):
            if isinstance(page, Outcome):
                return page
            if any(shapes.urn(kind, one) == wanted for one in page):
                return True
        return False

    async def follow(self, access: Token, entity: Entity) -> Outcome:
        if entity.kind not in self.capabilities.follow_kinds:
            return refused(
                "not_offered", f"On SoundCloud we follow people only, and this is a {entity.kind}."
            )
        urn = _urn(entity.kind, entity.id)
        outcome = await self._api.act("PUT", f"/me/followings{urns.path(urn).removeprefix('/users')}", access)
        if outcome.reason == NOT_FOUND_YET:
            return refused("gone", "This is no longer on SoundCloud.", status=outcome.status)
        if outcome.reason == "library_full":
            note = "The fan follows as many people on SoundCloud as it allows."
            return refused("follow_forbidden", note, status=outcome.status)
        return outcome

    async def playlists(self, access: Token) -> list[Playlist] | Outcome:
        return await playlists.own(self._api, access)

    async def create_playlist(self, access: Token, name: str) -> Playlist | Outcome:
        return await playlists.create(self._api, access, name)

    async def playlist_tracks(self, access: Token, playlist_id: str) -> list[str] | Outcome:
        there = await playlists.held(self._api, access, playlist_id)
        return there if isinstance(there, Outcome) else list(there.tracks)

    async def add_tracks(self, access: Token, playlist_id: str, track_ids: Sequence[str]) -> Outcome:
        return await playlists.add(self._api, access, playlist_id, track_ids)


def _urn(kind: Kind, id: str) -> str:
    """An id that is no URN leads to nothing there, and the service says so."""
    return urns.read(kind, id) or f"soundcloud:{urns.collection(kind)}:{id}"
