"""What became of a trip that recorded nothing (or nothing new): the last part of a clean address."""

from enum import StrEnum

from upbeat.campaigns.models import Campaign
from upbeat.core.hosts import label_of
from upbeat.core.ladder import Reason
from upbeat.web.pages.view import News, NewsBand


class Said(StrEnum):
    CANCELLED = "cancelled"
    """The fan closed the permission page, or said no."""
    NOT_OPEN = "not-open"
    """The service lets only named accounts in (403 right after consent)."""
    CLOSED = "closed"
    """The service does not accept this installation's app any more (revoked, another secret)."""
    NO_SUBSCRIPTION = "no-subscription"
    """The service saves only for those who pay it."""
    NO_CHANNEL = "no-channel"
    """The fan has an account there, and not yet the channel that alone can like a song."""
    BLOCKED = "blocked"
    """The service's script, which asks on our page, did not come: a content blocker, as a rule."""
    DOWN = "no-answer"
    """The service is down, or asked us to wait."""
    TOO_SHORT = "too-short"
    """The permission they gave ends before the release."""
    EXPIRED = "expired"
    TRY_AGAIN = "try-again"
    """The service, or the way back, failed."""
    WITHHELD = "withheld"
    """The fan came back without the permission a save needs."""
    OTHER_ACCOUNT = "other-account"
    """The second trip came back with another account."""
    TWICE = "twice"
    """It was recorded before."""
    NO_SUCH_PLAYLIST = "no-such-playlist"
    """The playlist is not (or no longer) one of the fan's own."""


_NEWS: dict[Said, News] = {
    Said.CANCELLED: "cancelled",
    Said.NOT_OPEN: "not_open",
    Said.CLOSED: "app_refused",
    Said.NO_SUBSCRIPTION: "no_subscription",
    Said.NO_CHANNEL: "no_channel",
    Said.BLOCKED: "blocked",
    Said.DOWN: "down",
    Said.TOO_SHORT: "too_short",
    Said.EXPIRED: "expired",
    Said.TRY_AGAIN: "try_again",
    Said.WITHHELD: "withheld",
    Said.OTHER_ACCOUNT: "other_account",
}
FALLS: dict[str, Reason] = {
    Said.NOT_OPEN: Reason.NOT_OPEN,
    Said.CLOSED: Reason.APP_REFUSED,
    Said.NO_SUBSCRIPTION: Reason.NO_SUBSCRIPTION,
    Said.TOO_SHORT: Reason.TOO_FAR,
    Said.DOWN: Reason.DOWN,
}
"""After these the fan stands one rung further down, with nothing to do again."""
_FOR_NOW = (Said.NOT_OPEN, Said.CLOSED, Said.NO_SUBSCRIPTION, Said.TOO_SHORT)
"""Trying again would end in the same."""


def news_band(
    said: str, campaign: Campaign, service: str, *, native: str = "", own_page: bool = False
) -> NewsBand | None:
    """The band that tells it, with the ways on; `native`: the service's own page, where that is the next rung.

    None where `said` is nothing to tell (or made up).
    """
    if said not in _NEWS:
        return None
    again = "" if said in _FOR_NOW or own_page else f"/{campaign.slug}/{service}"
    remind = "" if own_page else f"/{campaign.slug}/remind?to={service}"
    return NewsBand(_NEWS[Said(said)], service, label_of(service), again, remind, "" if own_page else native)
