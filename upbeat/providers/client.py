"""What the clients of all services do in the same way: hand a question on to whoever knows."""

from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from upbeat.core.outcome import Outcome, done
from upbeat.providers import http
from upbeat.providers.base import Entity, Found, Grant, Kind, Token
from upbeat.providers.oauth2 import OAuth2
from upbeat.providers.registry import ServiceSettings

Api = TypeVar("Api")
Api_contra = TypeVar("Api_contra", contravariant=True)


class LooksUp(Protocol[Api_contra]):
    """A service's `catalogue` module."""

    async def look_up(self, api: Api_contra, /, *, upc: str, isrc: str) -> Found | Outcome | None: ...

    async def release(self, api: Api_contra, kind: Kind, id: str, /) -> Found | Outcome | None: ...

    async def entity(self, api: Api_contra, kind: Kind, id: str, /) -> Entity | Outcome | None: ...

    async def search(self, api: Api_contra, kind: Kind, words: str, /) -> list[Entity] | Outcome: ...


class Client(Generic[Api]):
    """Keeps the installation's credential and the way to the service; nothing of a fan."""

    label: str

    def __init__(
        self,
        settings: ServiceSettings,
        api: Callable[[ServiceSettings, http.Door], Api],
        catalogue: LooksUp[Api],
    ) -> None:
        self._settings = settings
        self._door = http.Door(self.label, allow_private=settings.sandbox)
        self._api = api(settings, self._door)
        self._catalogue = catalogue

    async def look_up(self, *, upc: str = "", isrc: str = "") -> Found | Outcome | None:
        return await self._catalogue.look_up(self._api, upc=upc, isrc=isrc)

    async def release(self, kind: Kind, id: str) -> Found | Outcome | None:
        return await self._catalogue.release(self._api, kind, id)

    async def entity(self, kind: Kind, id: str) -> Entity | Outcome | None:
        return await self._catalogue.entity(self._api, kind, id)

    async def search(self, kind: Kind, text: str) -> list[Entity] | Outcome:
        return await self._catalogue.search(self._api, kind, text)

    @property
    def clock_difference(self) -> float | None:
        return self._door.clock_difference

    async def close(self) -> None:
        await http.close()


class OAuth2Client(Client[Api]):
    """One whose service speaks the standard dialect of permission."""

    def __init__(
        self,
        settings: ServiceSettings,
        api: Callable[[ServiceSettings, http.Door], Api],
        catalogue: LooksUp[Api],
        oauth: Callable[[ServiceSettings, http.Door], OAuth2],
    ) -> None:
        super().__init__(settings, api, catalogue)
        self._oauth = oauth(settings, self._door)

    def authorize_url(
        self, *, redirect_uri: str, state: str, scopes: Sequence[str], challenge: str, ask_again: bool = False
    ) -> str:
        return self._oauth.authorize_url(
            redirect_uri=redirect_uri, state=state, scopes=scopes, challenge=challenge, ask_again=ask_again
        )

    async def exchange(self, *, code: str, redirect_uri: str, verifier: str) -> Grant | Outcome:
        return await self._oauth.exchange(code=code, redirect_uri=redirect_uri, verifier=verifier)

    async def renew(self, refresh: Token) -> Grant | Outcome:
        return await self._oauth.renew(refresh)

    async def credential(self) -> Outcome:
        grant = await self._oauth.app_token()
        return grant if isinstance(grant, Outcome) else done()
