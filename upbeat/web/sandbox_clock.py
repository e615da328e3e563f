"""Moving the clocks in sandbox mode: this installation's and the sandbox's, by the same span."""

import json
import urllib.error
import urllib.request
from datetime import datetime, timedelta

from django.conf import settings

from upbeat import clock
from upbeat.campaigns.models import Campaign


class CannotMove(Exception):  # noqa: N818 - it is what happened
    """The message says why, in a sentence."""


def move(by: timedelta) -> datetime:
    """Move both clocks; the new now. For a thread. Raises `CannotMove`; then neither has moved."""
    if not settings.SANDBOX:
        raise CannotMove("The clock can only be moved in sandbox mode (UPBEAT_SANDBOX=1).")
    if settings.SANDBOX_URL:
        _move_sandbox(f"{settings.SANDBOX_URL}/_control/clock", by)
    return clock.move(by)


def until_release(slug: str, zone: str = "") -> timedelta:
    """From now to a campaign's release instant for a fan with this zone. Raises `CannotMove` if none lies ahead."""
    campaign = Campaign.objects.filter(slug=slug).first()
    if campaign is None or campaign.opens_at is None:
        raise CannotMove(f"There is no campaign with a release moment at /{slug}.")
    ahead = campaign.opens_for(zone) - clock.now()
    if ahead <= timedelta():
        raise CannotMove(f"/{slug} is out already.")
    return ahead


def _move_sandbox(url: str, by: timedelta) -> None:
    body = json.dumps({"advance_seconds": by.total_seconds()}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method="POST")  # noqa: S310
    try:
        urllib.request.urlopen(request, timeout=5).close()  # noqa: S310 - the address is the operator's setting
    except OSError as problem:
        raise CannotMove(f"The sandbox's clock at {url} did not move: {problem}.") from None
