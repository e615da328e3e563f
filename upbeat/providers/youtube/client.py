"""YouTube, as the Provider protocol wants it. YouTube Music has no API of its own: its videos are YouTube's."""

from collections.abc import Sequence
from datetime import timedelta

from upbeat.core.delivery import NOT_FOUND_YET
from upbeat.core.outcome import Outcome, already, done, refused
from upbeat.providers.base import (
    Account,
    Action,
    Budget,
    Capabilities,
    Entity,
    Found,
    Kind,
    Playlist,
    Token,
)
from upbeat.providers.client import OAuth2Client
from upbeat.providers.faults import made, of_playlist, whose
from upbeat.providers.fields import text
from upbeat.providers.registry import ServiceSettings
from upbeat.providers.youtube import catalogue, oauth, shapes
from upbeat.providers.youtube.api import Api

_MANAGE = "https://www.googleapis.com/auth/youtube"
_WRITE, _READ = 50, 1
_MOST_PLAYLISTS = 200
_LONGEST_PLAYLIST = 5_000
_LONGEST_TITLE = 150


class YouTube(OAuth2Client[Api]):
    name = "youtube"
    label = "YouTube"
    capabilities = Capabilities(
        scopes={Action.SAVE: (_MANAGE,), Action.FOLLOW: (_MANAGE,), Action.PLAYLIST: (_MANAGE,)},
        base_scopes=(),
        follow_kinds=frozenset({Kind.ARTIST}),
        follow_now=False,
        grant_life=timedelta(days=180),
        rotates=False,
        rate=5.0,
        max_rate=10.0,
        finds_by=frozenset(),
        likes=True,
        adds_at_once=1,
        budget=Budget(
            a_day=10_000,
            zone="America/Los_Angeles",
            costs={Action.SAVE: _WRITE, Action.FOLLOW: _WRITE, Action.PLAYLIST: _WRITE},
            look=_READ,
        ),
    )

    def __init__(self, settings: ServiceSettings) -> None:
        super().__init__(settings, Api, catalogue, oauth.oauth)

    async def who(self, access: Token) -> Account | Outcome:
        """The fan's channel: likes and playlists are its. A fan without one can do nothing here."""
        page = await self._api.ask("/channels", access, {"part": "snippet", "mine": "true"})
        if isinstance(page, Outcome):
            return page
        mine = next(iter(shapes.items(page)), None)
        if mine is None:
            return refused(
                "no_channel", "The fan has no YouTube channel yet, and only a channel can like a video."
            )
        return whose(text(mine, "id"), text(mine, "snippet", "title"), self.label)

    async def save(self, access: Token, release: Found) -> Outcome:
        """YouTube keeps no albums: one video is liked, the release's own or an album's first."""
        return await self._api.act("/videos/rate", access, {"id": _liked(release), "rating": "like"})

    async def is_saved(self, access: Token, release: Found) -> bool | Outcome:
        said = await self._api.ask("/videos/getRating", access, {"id": _liked(release)})
        if isinstance(said, Outcome):
            return said
        return any(text(one, "rating") == "like" for one in shapes.items(said))

    async def follow(self, access: Token, entity: Entity) -> Outcome:
        """Subscribing again is refused as a duplicate, which is as good as done."""
        if entity.kind not in self.capabilities.follow_kinds:
            return refused("not_offered", f"On YouTube we follow channels only, and this is a {entity.kind}.")
        if not entity.id:
            return refused("not_known", "Whose channel it is could not be found out.")
        channel = {"kind": "youtube#channel", "channelId": entity.id}
        content = {"snippet": {"resourceId": channel}}
        outcome = await self._api.act("/subscriptions", access, {"part": "snippet"}, content)
        if outcome.reason == NOT_FOUND_YET:
            return refused("gone", "This is no longer on YouTube.", status=outcome.status)
        return outcome

    async def playlists(self, access: Token) -> list[Playlist] | Outcome:
        mine: list[Playlist] = []
        query = {"part": "snippet,contentDetails", "mine": "true"}
        async for page in self._api.pages("/playlists", access, query, _MOST_PLAYLISTS):
            if isinstance(page, Outcome):
                return page
            mine += [shapes.playlist(one) for one in page if text(one, "id")]
        return mine[:_MOST_PLAYLISTS]

    async def create_playlist(self, access: Token, name: str) -> Playlist | Outcome:
        """A private one."""
        content = {"snippet": {"title": name[:_LONGEST_TITLE]}, "status": {"privacyStatus": "private"}}
        new = await self._api.ask(
            "/playlists", access, {"part": "snippet,status"}, method="POST", content=content
        )
        return new if isinstance(new, Outcome) else made(shapes.playlist(new), self.label)

    async def playlist_tracks(self, access: Token, playlist_id: str) -> list[str] | Outcome:
        ids: list[str] = []
        query = {"part": "contentDetails", "playlistId": playlist_id}
        async for page in self._api.pages("/playlistItems", access, query, _LONGEST_PLAYLIST):
            if isinstance(page, Outcome):
                return of_playlist(page)
            ids += [shapes.video_id(one) for one in page]
        return ids

    async def add_tracks(self, access: Token, playlist_id: str, track_ids: Sequence[str]) -> Outcome:
        """One call for each, one after the other: YouTube answers 409 where they come at once."""
        outcome = already("nothing_to_add") if not track_ids else done()
        for track in track_ids:
            video = {"kind": "youtube#video", "videoId": track}
            content = {"snippet": {"playlistId": playlist_id, "resourceId": video}}
            outcome = await self._api.act("/playlistItems", access, {"part": "snippet"}, content)
            if not outcome.good:
                return of_playlist(outcome)
        return outcome

    async def credential(self) -> Outcome:
        return await oauth.credential(self._oauth)


def _liked(release: Found) -> str:
    """The one video that stands for a release."""
    return release.id if release.kind is Kind.TRACK or not release.track_ids else release.track_ids[0]
