"""What became of a trip that recorded nothing (or nothing new): the last part of a clean address."""

from enum import StrEnum


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
