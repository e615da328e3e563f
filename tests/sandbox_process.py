"""The sandbox as tests use it: a process of its own, told what to do and asked what it saw over HTTP."""

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from upbeat.providers.base import Token
from upbeat.providers.registry import ServiceSettings, credential, defaults

ROOT = Path(__file__).parents[1]


def _settings(name: str, has: dict[str, Any]) -> ServiceSettings:
    called = credential(name)
    return replace(
        defaults(name),
        client_id=has[called.id.lower()],
        client_secret=Token(has[called.secret.lower()]),
        key_id=has.get(called.key_id.lower(), ""),
        api_key=Token(has.get("api_key", "")),
        sandbox=True,
        **{key: value for key, value in has.items() if key.endswith("_url")},
    )


@dataclass
class Sandbox:
    """A running sandbox."""

    url: str
    services: dict[str, dict[str, Any]] = field(default_factory=dict)

    def service_settings(self) -> dict[str, ServiceSettings]:
        """What `settings.SERVICES` must hold to speak to it."""
        return {name: _settings(name, has) for name, has in self.services.items()}

    def environment(self) -> dict[str, str]:
        """The same for a process of its own."""
        found = {"UPBEAT_SANDBOX": "1", "UPBEAT_SANDBOX_URL": self.url}
        for name, has in self.services.items():
            found |= {f"UPBEAT_{name.upper()}_{key.upper()}": str(value) for key, value in has.items()}
        return found

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """One call of the control API: what it answered, as JSON."""
        request = urllib.request.Request(
            f"{self.url}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Accept": "application/json", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            said = answer.read()
        return json.loads(said) if said else None

    def reset(self) -> None:
        self.ask("POST", "/_control/reset", {})

    def move_to(self, moment: datetime) -> None:
        self.ask("PUT", "/_control/clock", {"now": moment.isoformat()})

    def turn(self, service: str, **switches: Any) -> None:
        """Turn a service's switches: `mode`, `withhold_scopes`, `artist_follow` and so on."""
        self.ask("PATCH", f"/_control/services/{service}", switches)

    def fault(self, kind: str, *, match: dict[str, str], **effect: Any) -> None:
        """Order a fault. `times`, `after` and `probability` say when it strikes, the rest how."""
        rule = {"match": match} | {name: effect.pop(name, None) for name in ("times", "after", "probability")}
        self.ask("POST", "/_control/faults", rule | {"effect": {"kind": kind} | effect})

    def no_faults(self) -> None:
        self.ask("DELETE", "/_control/faults")

    def grants(self, service: str, scopes: list[str], **who: Any) -> list[dict[str, Any]]:
        """Permissions that fans (`names`, or `count` of them with a `prefix`) have given, with the tokens."""
        said = self.ask("POST", "/_control/grants", {"service": service, "scopes": scopes, **who})
        return list(said["grants"])

    def revoke(self, service: str, *names: str) -> None:
        self.ask("POST", "/_control/grants/revoke", {"service": service, "names": list(names)})

    def fans(self, service: str) -> dict[str, dict[str, Any]]:
        """Every fan's library, follows and playlists, by name: what is true."""
        return {one["name"]: one for one in self.ask("GET", f"/_control/users?service={service}")["users"]}

    def fan(self, name: str, service: str = "spotify") -> dict[str, Any]:
        return dict(self.ask("GET", f"/_control/users/{service}/{quote(name)}"))

    def calls(self, **filters: Any) -> list[dict[str, Any]]:
        """The calls that came, oldest first."""
        return list(self.ask("GET", f"/_control/calls?{urlencode({'limit': 20000} | filters)}")["calls"])


@contextmanager
def running_sandbox() -> Iterator[Sandbox]:
    """Start one on a free port, and end it."""
    command = [sys.executable, "-m", "upbeat_sandbox", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout
        said = process.stdout.readline()
        address = re.search(r"http://\S+", said)
        assert address, f"the sandbox did not come up: {said!r}"
        sandbox = Sandbox(address[0].rstrip("/"))
        sandbox.services = sandbox.ask("GET", "/")["services"]
        yield sandbox
    finally:
        process.terminate()
        process.wait(10)
