"""The sandbox's eyes: what a fan's library really holds, on the service's own word and not on ours."""

from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import quote

import aiohttp


@dataclass(frozen=True, slots=True)
class Owned:
    """What one fan has on one service."""

    account_id: str
    """The key by which our books know the account."""
    saved: int
    """How often the release is in the library."""
    follows: int
    songs: int
    """Of the release, in the playlist that was asked for."""
    in_order: bool
    """Each of them once, in the order of the release."""


class Eyes:
    """Looks into the sandbox, and does what only a fan can do at the service itself."""

    def __init__(self, sandbox_url: str) -> None:
        self._url = f"{sandbox_url}/_control"

    async def __aenter__(self) -> "Eyes":
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.close()

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        async with self._http.request(method, f"{self._url}{path}", json=body) as answer:
            return dict(await answer.json()) if answer.status < 400 else {}

    async def revoke(self, service: str, name: str) -> None:
        """The fan takes the permission back in their account."""
        await self._ask("POST", "/grants/revoke", {"service": service, "names": [name]})

    async def owned(self, service: str, name: str, title: str, playlist: str) -> Owned:
        """What this fan has of the release `title`, and in the own playlist of that name."""
        fan = await self._ask("GET", f"/users/{service}/{quote(name)}")
        if not fan:
            return Owned("", 0, 0, 0, True)
        followed = len(fan["artists"]) + len(fan["users"]) + sum(not one["own"] for one in fan["playlists"])
        mine = [one for one in fan["playlists"] if one["own"] and one["name"] == playlist]
        tracks = [track["id"] for one in mine for track in one["tracks"]]
        album = next((one["id"] for one in fan["albums"] if one["name"] == title), "")
        order = await self._order(service, title) if tracks and album else tracks
        key = fan["account_id"] if service == "spotify" else fan["id"]
        saved = sum(one["name"] == title for one in fan["albums"])
        return Owned(key, saved, followed, len(tracks), tracks == order)

    async def _order(self, service: str, title: str) -> list[str]:
        """The release's songs as the service's catalogue has them."""
        known = (await self._ask("GET", "/releases"))["releases"]
        release = next(one for one in known if one["title"] == title)
        return [track[service]["id"] for track in release["tracks"]]
