"""What became of a trip that recorded nothing (or nothing new): the last part of a clean address."""

from enum import StrEnum

from upbeat.campaigns.models import Campaign
from upbeat.core.hosts import label_of
from upbeat.web.pages.view import News, NewsBand


class Said(StrEnum):
    CANCELLED = "cancelled"
    """The fan closed the permission page, or said no."""
    NOT_OPEN = "not-open"
    """The service lets only named accounts in (403 right after consent)."""
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
    Said.EXPIRED: "expired",
    Said.TRY_AGAIN: "try_again",
    Said.WITHHELD: "withheld",
    Said.OTHER_ACCOUNT: "other_account",
}


def news_band(said: str, campaign: Campaign, service: str, *, own_page: bool = False) -> NewsBand | None:
    """The band that tells it, with the ways on. None where `said` is nothing to tell (or made up)."""
    if said not in _NEWS:
        return None
    again = "" if said == Said.NOT_OPEN or own_page else f"/{campaign.slug}/{service}"
    remind = "" if own_page else f"/{campaign.slug}/remind"
    return NewsBand(_NEWS[Said(said)], service, label_of(service), again, remind)
