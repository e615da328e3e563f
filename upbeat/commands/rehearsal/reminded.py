"""The fans who asked for a reminder: their addresses, what arrived there, and what our books say of it."""

import hashlib
from datetime import datetime
from typing import Any

from upbeat.campaigns.models import Campaign
from upbeat.commands.rehearsal.control import Control
from upbeat.core.channels import EMAIL, MAIN
from upbeat.delivery.channels import UNCONFIRMED
from upbeat.delivery.channels.subscription import Subscription
from upbeat.delivery.channels.vapid import public_key
from upbeat.delivery.models import Delivery

_EVER = {"refresh_token": "", "expires_in": None, "scope": ""}


def addresses(control: Control, channel: str, number: int) -> list[dict[str, Any]]:
    """So many fans as the sandbox's grants would tell of them: the address is their token."""
    if channel == EMAIL:
        named = [(f"E-mail fan {one:05d}", f"fan-{one:05d}@fans.example") for one in range(1, number + 1)]
        return [_said(name, address, address) for name, address in named]
    key = public_key()
    said = []
    for one in range(1, number + 1):
        made = control.ask("POST", "/push/subscriptions", {"application_server_key": key})
        keys = made["keys"]
        browser = Subscription(made["endpoint"], keys["p256dh"], keys["auth"], key)
        said.append(_said(f"Notified fan {one:05d}", browser.as_json(), made["id"]))
    return said


def _said(name: str, address: str, known_by: str) -> dict[str, Any]:
    account = hashlib.sha256(address.encode()).hexdigest()
    return _EVER | {"name": name, "id": account, "access_token": address, "known_by": known_by}


class Reminders:
    """All that arrived, by address, and all that is in our books."""

    def __init__(self, control: Control, campaign: Campaign) -> None:
        self._arrived: dict[str, list[datetime]] = {}
        for letter in control.ask("GET", "/mail")["letters"]:
            self._note(letter["to"], letter["at"])
        for message in control.ask("GET", "/push/messages")["messages"]:
            if message["state"] == "shown" and message["text"] is not None:
                self._note(message["subscription"], message["at"])
        rows = Delivery.objects.filter(campaign=campaign, action__in=MAIN)
        self._booked = {
            number: (state, reason == UNCONFIRMED)
            for number, state, reason in rows.values_list("pre_save_id", "state", "reason")
        }

    def _note(self, address: str, at: str) -> None:
        self._arrived.setdefault(address, []).append(datetime.fromisoformat(at))

    def arrived(self, channel: str, said: dict[str, Any]) -> list[datetime]:
        """When a fan was reminded, in order. A notification that is shown again takes the place of the first one
        (docs/decisions/0011), so it counts once."""
        times = self._arrived.get(said["known_by"], [])
        return times if channel == EMAIL else times[:1]

    def booked(self, number: int) -> tuple[str, bool]:
        """The state in our books, and whether they say that nobody knows."""
        return self._booked.get(number, ("nothing", False))
