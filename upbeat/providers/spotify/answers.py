"""What Spotify's answers mean. Pure: an answer goes in, an outcome comes out. Sources: FACTS.md."""

from datetime import timedelta

from upbeat.core.delivery import NOT_FOUND_YET
from upbeat.core.outcome import Outcome, done, later, reconnect, refused, wait
from upbeat.providers.base import Grant, Token
from upbeat.providers.faults import fault, retry_after, unreadable
from upbeat.providers.fields import at, number, text
from upbeat.providers.http import Answer
from upbeat.providers.oauth2 import granted

LABEL = "Spotify"
_OPERATOR_MENDS = timedelta(minutes=30)
_QUOTA_PAUSE = timedelta(hours=1)
"""A spent quota comes back at an hour nobody has published."""


def read(answer: Answer) -> Outcome:
    """The outcome of a call of the Web API. A 401 is never a dead grant here: only the token endpoint knows."""
    if 200 <= answer.status < 300:
        return _success(answer)
    if answer.status == 429 and text(answer.json, "error", "reason") == "QUOTA_EXCEEDED":
        return wait(f"{LABEL} asked us to wait.", after=retry_after(answer) or _QUOTA_PAUSE, status=429)
    return fault(answer, LABEL) or _by_status(answer.status, _message(answer))


def read_token(answer: Answer, *, kept: Token | None = None) -> Grant | Outcome:
    """What the token endpoint gave. `kept` is the refresh token to go on with where no new one came.

    `scope` is what the fan has granted this app in all.
    """
    grant = granted(answer, kept)
    if grant is not None:
        return grant
    return fault(answer, LABEL) or _token_refusal(answer)


def _success(answer: Answer) -> Outcome:
    """A 2xx is believed when its body is empty or JSON without an error in it."""
    if answer.body.strip() and answer.json is None:
        return unreadable(answer, LABEL)
    if not at(answer.json, "error"):
        return done(answer.status)
    inner = Answer(number(answer.json, "error", "status") or 500, answer.headers, answer.body)
    return (
        later("service_error", f"{LABEL} had a fault.", status=answer.status)
        if inner.status < 400
        else read(inner)
    )


def _by_status(status: int, message: str) -> Outcome:
    match status:
        case 400 if "size limit" in message or "limit reached" in message or "full" in message:
            return refused("library_full", "The fan's library on Spotify is full.", status=status)
        case 400:
            return refused("bad_request", "Spotify could not make sense of what we asked.", status=status)
        case 401:
            return later("unauthorized", "Spotify did not accept the permission just now.", status=status)
        case 403:
            return _forbidden(message)
        case 404:
            return later(NOT_FOUND_YET, "Spotify does not show it yet.", status=status)
    return later("service_error", f"Spotify answered {status}.", status=status)


def _forbidden(message: str) -> Outcome:
    """A 403 has many reasons and two shapes; its words tell them apart."""
    if "not registered" in message:
        return not_listed()
    if "scope" in message:
        return refused("scope_missing", "The fan's permission does not cover this.", status=403)
    if "premium" in message:
        note = "Spotify wants the owner of this installation's app to have Premium."
        return later("owner_not_premium", note, after=_OPERATOR_MENDS, status=403)
    return later("forbidden", "Spotify did not allow it just now.", status=403)


def not_listed() -> Outcome:
    """Development mode: this fan is not among the five named ones."""
    note = "Spotify serves five named fans with this installation's app, and this fan is not one of them."
    return refused("not_allow_listed", note, status=403)


def may_be_false(answer: Answer) -> bool:
    """Since July 2026 some of these come for no reason, and are gone a moment later."""
    return answer.status == 401 or (answer.status == 403 and "premium" in _message(answer))


def _token_refusal(answer: Answer) -> Outcome:
    match text(answer.json, "error"):
        case "invalid_grant":
            return reconnect("The permission has ended, or was taken back at Spotify.", status=answer.status)
        case "invalid_client" | "unauthorized_client":
            note = "Spotify does not accept this installation's client id and secret."
            return later("app_refused", note, after=_OPERATOR_MENDS, status=answer.status)
        case "":
            return unreadable(answer, LABEL)
    return later("service_error", "Spotify did not give a token.", status=answer.status)


def _message(answer: Answer) -> str:
    """The words of an error, in lower case: from the JSON, or the bare text of older answers."""
    return (text(answer.json, "error", "message") or answer.text).lower()
