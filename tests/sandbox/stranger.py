"""A stranger to the sandbox: a process of its own, spoken to with nothing but the standard library."""

import base64
import hashlib
import http.client
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

ROOT = Path(__file__).parents[2]
BACK = "http://127.0.0.1:9/back"
EVERYTHING = [
    "user-library-read",
    "user-library-modify",
    "user-follow-read",
    "user-follow-modify",
    "playlist-read-private",
    "playlist-modify-public",
    "playlist-modify-private",
]
ALL_PERMS = [
    "basic_access",
    "email",
    "offline_access",
    "manage_library",
    "delete_library",
    "manage_community",
]
VERIFIER = "a-verifier-that-is-long-enough-for-the-rule-of-forty-three"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def came_back(self) -> dict[str, str]:
        """The parameters of the redirect."""
        return dict(parse_qsl(urlsplit(self.headers["location"]).query))


@dataclass
class Stranger:
    """Speaks HTTP with a sandbox."""

    url: str
    process: Any = None

    def ask(
        self, method: str, path: str, *, query: Any = None, form: Any = None, data: Any = None, **headers: str
    ) -> Answer:
        parts = urlsplit(path if path.startswith("http") else self.url + path)
        target = parts.path + (f"?{urlencode(query)}" if query else f"?{parts.query}" if parts.query else "")
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        body = None
        if form is not None:
            body, sent["content-type"] = urlencode(form), "application/x-www-form-urlencoded"
        if data is not None:
            body, sent["content-type"] = json.dumps(data), "application/json"
        connection = http.client.HTTPConnection(parts.netloc, timeout=10)
        try:
            connection.request(method, target, body, sent)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read())
        finally:
            connection.close()

    def control(self, method: str, path: str, data: Any = None) -> Any:
        answer = self.ask(method, f"/_control{path}", data=data)
        assert answer.status in (200, 201), answer.text
        return answer.json

    def services(self) -> Any:
        return self.ask("GET", "/", accept="application/json").json["services"]

    def grant(self, service: str, scopes: list[str], name: str = "Mira Haas", **more: Any) -> Any:
        wanted = {"service": service, "scopes": scopes, "names": [name], **more}
        return self.control("POST", "/grants", wanted)["grants"][0]

    def spotify(self, token: str | None, method: str, path: str, **more: Any) -> Answer:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return self.ask(method, f"/spotify/api/v1{path}", **headers, **more)

    def deezer(self, token: str | None, method: str, path: str, **query: Any) -> Answer:
        return self.ask(
            method, f"/deezer/api{path}", query=query | ({"access_token": token} if token else {})
        )

    def turn(self, service: str, **switches: Any) -> None:
        self.control("PATCH", f"/services/{service}", switches)

    def fault(
        self, kind: str, *, match: dict[str, str] | None = None, times: int | None = 1, **effect: Any
    ) -> None:
        self.control(
            "POST", "/faults", {"match": match or {}, "times": times, "effect": {"kind": kind} | effect}
        )

    def later(self, **span: float) -> None:
        seconds = span.get("seconds", 0) + 86_400 * span.get("days", 0)
        self.control("PUT", "/clock", {"advance_seconds": seconds})

    def fan(self, service: str, name: str = "Mira Haas") -> Any:
        return self.control("GET", f"/users/{service}/{name.replace(' ', '%20')}")

    def release(self, title: str) -> Any:
        return next(one for one in self.control("GET", "/releases")["releases"] if one["title"] == title)


def started(*arguments: str) -> Stranger:
    """A sandbox process that is ready."""
    command = [sys.executable, "-m", "upbeat_sandbox", "--port", "0", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout
    said = process.stdout.readline()
    assert said.startswith("Sandbox at http"), said
    return Stranger(said.split(" at ")[1].strip().rstrip("/"), process)
