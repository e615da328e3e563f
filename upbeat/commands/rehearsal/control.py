"""The sandbox's control desk, as the rehearsal uses it: told what to do, asked what is true. For a thread."""

import json
import urllib.error
import urllib.request
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from upbeat.commands.demonstration.stage import StageError

_SECONDS = 60
_PLAYED_AS = {"email": "mail"}
"""What the sandbox calls it, where that is another word."""
LEDGER = 20_000
"""So many calls the sandbox remembers one by one."""


class Control:
    """One running sandbox."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/_control"

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(
            self._url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
                return dict(json.loads(answer.read()))
        except urllib.error.HTTPError as refused:
            words = refused.read().decode(errors="replace")[:300]
            raise StageError(f"The sandbox refused {method} {path.partition('?')[0]}: {words}") from None

    def move_to(self, moment: datetime) -> None:
        self.ask("PUT", "/clock", {"now": moment.isoformat()})

    def turn(self, service: str, **switches: Any) -> None:
        self.ask("PATCH", f"/services/{service}", switches)

    def fault(
        self,
        kind: str,
        match: dict[str, str],
        *,
        probability: float = 1.0,
        times: int | None = None,
        seed: int = 1,
        **effect: Any,
    ) -> str:
        """Order a fault; its id, to call it off by."""
        rule = {"match": match, "probability": probability, "times": times, "seed": seed}
        return str(self.ask("POST", "/faults", rule | {"effect": {"kind": kind} | effect})["id"])

    def call_off(self, fault_id: str) -> None:
        self.ask("DELETE", f"/faults/{fault_id}")

    def faults(self) -> dict[str, dict[str, Any]]:
        """Every fault in force by its id: how often it was met (`seen`) and struck (`fired`)."""
        return {one["id"]: one for one in self.ask("GET", "/faults")["faults"]}

    def revoke(self, service: str, names: list[str]) -> None:
        """These fans take their permission back in their account."""
        if names:
            self.ask("POST", "/grants/revoke", {"service": service, "names": names})

    def grants(self, service: str, scopes: list[str], **who: Any) -> list[dict[str, Any]]:
        """Fans who have agreed, with their tokens."""
        return list(self.ask("POST", "/grants", {"service": service, "scopes": scopes, **who})["grants"])

    def fans(self, service: str) -> dict[str, dict[str, Any]]:
        """Everybody with an account, by name: library, follows, playlists."""
        return {one["name"]: one for one in self.ask("GET", f"/users?service={quote(service)}")["users"]}

    def forget_calls(self) -> None:
        self.ask("DELETE", "/calls")

    def calls(self, service: str) -> int:
        """How many calls the service had since `forget_calls`; of a great many, by the share of the last."""
        said = self.ask(
            "GET", f"/calls?{urlencode({'service': _PLAYED_AS.get(service, service), 'limit': 1})}"
        )
        whole = sum(number for name, number in said["counts"].items() if not name.startswith("with "))
        return int(said["matching"] * max(1.0, whole / LEDGER))
