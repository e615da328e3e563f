"""What any HTTP service may answer, whatever its dialect: too many calls, a fault of its own, something unreadable."""

from datetime import timedelta

from upbeat.core.delivery import NOT_FOUND_YET
from upbeat.core.outcome import Outcome, later, refused, wait
from upbeat.providers.base import Account, Playlist
from upbeat.providers.http import Answer

_LONGEST_WAIT = timedelta(days=30)
_LONGEST_ID = 128


def fault(answer: Answer, label: str) -> Outcome | None:
    """The outcome the status alone decides; None where the service's dialect has to be read."""
    if answer.status == 429:
        return wait(f"{label} asked us to wait.", after=retry_after(answer), status=429)
    if answer.status >= 500:
        return later(
            "service_error", f"{label} had a fault.", after=retry_after(answer), status=answer.status
        )
    if 300 <= answer.status < 400:
        return later("service_error", f"{label} sent us elsewhere.", status=answer.status)
    return None


def unreadable(answer: Answer, label: str) -> Outcome:
    """A success that does not look like one: a page of a proxy, a body cut short, a field that is not there."""
    return later("unreadable", f"{label} answered with something we cannot read.", status=answer.status)


def whose(id: str, name: str, label: str) -> Account | Outcome:
    """The account behind a grant. Without an id, or with an endless one, there is none: two fans would become one."""
    if 0 < len(id) <= _LONGEST_ID:
        return Account(id, name or id)
    return later("unreadable", f"{label} did not say whose permission it is.")


def made(playlist: Playlist, label: str) -> Playlist | Outcome:
    """A playlist that was just created. One without an id cannot be filled, and looks as if it had not been made."""
    return playlist if playlist.id else later("unreadable", f"{label} did not name the new playlist.")


def of_playlist(outcome: Outcome) -> Outcome:
    """A playlist that is not there is gone, and will not come."""
    if outcome.reason == NOT_FOUND_YET:
        return refused("playlist_gone", "The playlist is no longer there.", status=outcome.status)
    return outcome


def retry_after(answer: Answer) -> timedelta | None:
    """How long the service asks us to wait. Hours are ordinary data; an absurd number is cut to 30 days."""
    said = answer.headers.get("retry-after", "").strip()
    if not (said.isascii() and said.isdigit()):
        return None
    return timedelta(seconds=min(int(said[:9]), int(_LONGEST_WAIT.total_seconds())))
