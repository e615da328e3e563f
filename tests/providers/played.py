"""A streaming service played by the sandbox, as a test holds it: a provider, and hands to move its world."""

import hashlib
import json
import re
import secrets
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from tests.sandbox_process import Sandbox
from upbeat.core.outcome import Outcome
from upbeat.providers.base import Action, Asks, Entity, Found, Grant, Kind, PageToken, Provider, Token
from upbeat.providers.registry import ServiceSettings, build

REDIRECT = "http://127.0.0.1:9/connect/callback"
OUT, TO_COME = "859713000407", "859713000100"


class _Stay(HTTPRedirectHandler):
    """Redirects are looked at, not followed."""

    def redirect_request(self, *_: Any) -> None:
        return None


_browser = build_opener(_Stay)


def visit(url: str, form: dict[str, str] | None = None) -> tuple[int, str]:
    """Status and Location of a browser's call: GET, or POST of a form."""
    body = None if form is None else urlencode(form).encode()
    try:
        answer = _browser.open(Request(url, body), timeout=10)
    except HTTPError as error:
        answer = error
    with answer:
        answer.read()
    return answer.status or 0, answer.headers.get("Location", "")


def read(url: str, form: dict[str, str]) -> str:
    """What a browser is shown after it has sent a form."""
    with _browser.open(Request(url, urlencode(form).encode()), timeout=10) as answer:
        said: bytes = answer.read()
    return said.decode()


@dataclass(frozen=True)
class Played:
    """One service."""

    name: str
    sandbox: Sandbox
    settings: ServiceSettings
    provider: Provider

    def control(self, method: str, path: str, content: Any = None) -> Any:
        return self.sandbox.ask(method, f"/_control{path}", content)

    def order(self, kind: str, *, times: int = 1, **wanted: Any) -> None:
        """A fault for the next calls of this service, those that match `path` and `method` if named."""
        match = {name: wanted.pop(name) for name in ("path", "method") if name in wanted}
        self.sandbox.fault(kind, times=times, match={"service": self.name, **match}, **wanted)

    def switch(self, **wanted: Any) -> None:
        self.sandbox.turn(self.name, **wanted)

    def fan(self, name: str) -> dict[str, Any]:
        return self.sandbox.fan(name, self.name)

    def wrongs(self) -> list[str]:
        """What the service found wrong with our calls."""
        calls = self.sandbox.calls(service=self.name, wrong=1)
        return [f"{call['method']} {call['path']}: {call['wrong']}" for call in calls]

    def time_passes(self, span: timedelta) -> None:
        self.control("PUT", "/clock", {"advance_seconds": span.total_seconds()})

    def release_comes_out(self) -> None:
        self.control("PUT", "/clock", {"now": self.control("GET", f"/releases/{TO_COME}")["released_at"]})

    def scopes(self, *actions: Action) -> list[str]:
        can = self.provider.capabilities
        return list(
            dict.fromkeys([*can.base_scopes, *(one for action in actions for one in can.scopes[action])])
        )

    def consent(self, fan: str, scopes: Sequence[str], **form: str) -> tuple[dict[str, str], str]:
        """The parameters the fan comes back with, and the PKCE verifier."""
        if self.provider.capabilities.asks is Asks.MUSICKIT:
            return self._musickit(fan, form), ""
        verifier = secrets.token_urlsafe(48)
        digest = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        url = self.provider.authorize_url(redirect_uri=REDIRECT, state="s-1", scopes=scopes, challenge=digest)
        assert visit(url)[0] == 200
        _, location = visit(url, {"fan": fan, "decision": "agree", **form})
        assert location.startswith(REDIRECT)
        return dict(parse_qsl(urlsplit(location).query)), verifier

    def _musickit(self, fan: str, form: dict[str, str]) -> dict[str, str]:
        """What MusicKit does in the fan's browser: it opens a window, and that tells the page what the fan decided."""
        page = "https://music.example"
        token = cast("PageToken", self.provider).page_token(page)
        assert isinstance(token, Token), token
        said = {"thirdPartyName": "Upbeat", "thirdPartyToken": token.reveal()}
        asked = {"a": b64encode(json.dumps(said).encode()).decode(), "referrer": f"{page}/x", "app": "music"}
        url = f"{self.settings.authorize_url}?{urlencode(asked)}"
        assert visit(url)[0] == 200
        told = re.search(
            r"postMessage\((.*?), \"https://music.example\"\)",
            read(url, {"fan": fan, "decision": "agree", **form}),
        )
        assert told is not None
        params = json.loads(told[1]).get("params", [])
        return {"state": "s-1"} | ({"code": params[0]} if params else {})

    async def grant(self, fan: str, *actions: Action, more: Sequence[str] = (), **form: str) -> Grant:
        back, verifier = self.consent(fan, [*self.scopes(*actions), *more], **form)
        grant = await self.provider.exchange(code=back["code"], redirect_uri=REDIRECT, verifier=verifier)
        assert isinstance(grant, Grant), grant
        return grant

    @property
    def nothing(self) -> str:
        """An id of which there is nothing."""
        return "0" * 22 if self.name == "spotify" else "1"

    def finds_by(self, code: str) -> bool:
        """Whether the catalogue can be asked by this code; else the team pastes the link."""
        return code in self.provider.capabilities.finds_by

    async def look(self, upc: str) -> Found | Outcome | None:
        """Look for a release as an installation would: by its code, or by its link where that has to be pasted."""
        if self.finds_by("upc"):
            return await self.provider.look_up(upc=upc)
        page = urlsplit(self.control("GET", f"/releases/{upc}")[self.name]["url"])
        return await self.provider.release(
            Kind.ALBUM, page.query.partition("list=")[2] or page.path.strip("/")
        )

    def library(self, fan: str) -> list[str]:
        """What a fan has of what was saved: albums, or on YouTube, which keeps none, the songs liked in their place."""
        return [one["id"] for one in self.fan(fan)["tracks" if self.name == "youtube" else "albums"]]

    def standing_for(self, found: Found) -> str:
        """What is in the library when a release was saved."""
        return found.track_ids[0] if self.name == "youtube" else found.id

    async def found(self, upc: str = OUT) -> Found:
        found = await self.look(upc)
        assert isinstance(found, Found), found
        return found

    async def artist(self) -> Entity:
        found = await self.found()
        return Entity(self.name, Kind.ARTIST, found.artist_id)


def played(sandbox: Sandbox, name: str) -> Played:
    settings = sandbox.service_settings()[name]
    return Played(name, sandbox, settings, build(name, settings))


def outcome(value: object) -> Outcome:
    """The value, which has to be an outcome."""
    assert isinstance(value, Outcome), value
    return value
