"""What TIDAL's answers mean. Pure: an answer goes in, an outcome comes out. Sources: FACTS.md."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from math import ceil

from upbeat.core.delivery import NOT_FOUND_YET
from upbeat.core.outcome import Outcome, already, done, later, reconnect, refused
from upbeat.providers.base import Grant, Token
from upbeat.providers.faults import fault, unreadable
from upbeat.providers.fields import dicts, first, text
from upbeat.providers.http import Answer
from upbeat.providers.oauth2 import granted

LABEL = "TIDAL"
_OPERATOR_MENDS = timedelta(minutes=30)
_BUSY = timedelta(seconds=2)
_KEY_LIVES = timedelta(hours=1)
_UNKNOWN_CLIENT = "8003"
_SCOPE_MISSING = "11004"
_DEAD = ("invalid_grant", "unauthorized_client", "invalid_request")
_BUCKET = ("x-ratelimit-requested-tokens", "x-ratelimit-remaining", "x-ratelimit-replenish-rate")


def read(answer: Answer) -> Outcome:
    """The outcome of a call. A 401 is never a dead grant here: only the token endpoint knows."""
    outcome = fault(answer, LABEL)
    if outcome is not None:
        return _with_wait(outcome, answer)
    if answer.status >= 400:
        return _by_status(answer)
    if answer.body.strip() and not isinstance(answer.json, dict):
        return unreadable(answer, LABEL)
    if dicts(answer.json, "errors"):
        return later("service_error", f"{LABEL} had a fault.", status=answer.status)
    return done(answer.status)


def read_added(answer: Answer, ids: Iterable[str]) -> Outcome:
    """The outcome of putting these into a collection or playlist: what was skipped is named with its reason.

    A success that names neither that it was added nor why not is not believed.
    """
    outcome = read(answer)
    if not outcome.good or answer.json is None:
        return outcome
    added = {text(one, "id") for one in dicts(answer.json, "data")}
    skipped = {text(one, "id"): text(one, "reason") for one in dicts(answer.json, "meta", "skipped")}
    missing = [one for one in ids if one not in added]
    if not missing:
        return outcome
    reasons = {skipped.get(one, "") for one in missing}
    if reasons == {"ALREADY_PRESENT"}:
        return outcome if added else already(status=answer.status)
    if "NOT_FOUND" in reasons:
        return later(NOT_FOUND_YET, "TIDAL does not show it yet.", status=answer.status)
    return later("not_done", "TIDAL did not say that it was done.", status=answer.status)


def read_token(answer: Answer, *, kept: Token | None = None) -> Grant | Outcome:
    """What the token endpoint gave. `kept` is the refresh token to go on with: renewing brings no new one."""
    grant = granted(answer, kept)
    if grant is not None:
        return grant
    outcome = fault(answer, LABEL)
    return _token_refusal(answer) if outcome is None else _with_wait(outcome, answer)


def app_refused(status: int | None) -> Outcome:
    note = "TIDAL does not accept this installation's client id and secret."
    return later("app_refused", note, after=_OPERATOR_MENDS, status=status)


def _by_status(answer: Answer) -> Outcome:
    status = answer.status
    match status:
        case 401 | 403:
            return _not_allowed(answer)
        case 404:
            return later(NOT_FOUND_YET, "TIDAL does not show it yet.", status=status)
        case 400 | 405 | 406 | 415:
            return refused("bad_request", "TIDAL could not make sense of what we asked.", status=status)
        case 409 | 422:
            return _conflict(answer)
    return later("service_error", f"TIDAL answered {status}.", status=status)


def _not_allowed(answer: Answer) -> Outcome:
    status, code = answer.status, _code(answer)
    if status == 401 and code == _UNKNOWN_CLIENT:
        return app_refused(status)
    if status == 401:
        return later("unauthorized", "TIDAL did not accept the permission just now.", status=status)
    if code == _SCOPE_MISSING or "scope" in _message(answer):
        return refused("scope_missing", "The fan's permission does not cover this.", status=status)
    return later("forbidden", "TIDAL did not allow it just now.", status=status)


def _conflict(answer: Answer) -> Outcome:
    """By the error's code: these tell what became of an earlier try, or that the collection takes no more."""
    status = answer.status
    match _code(answer):
        case "IDEMPOTENT_REQUEST_IN_PROGRESS":
            return later("in_progress", "TIDAL is still at it.", after=_BUSY, status=status)
        case "IDEMPOTENT_REQUEST_PAYLOAD_MISMATCH":
            note = "TIDAL takes this for a repeat of something else."
            return later("key_taken", note, after=_KEY_LIVES, status=status)
        case "DUPLICATE_ITEMS_IN_COLLECTION":
            return already(status=status)
        case "TOO_MANY_ITEMS_IN_COLLECTION":
            return refused("library_full", "The fan's collection on TIDAL is full.", status=status)
    if status == 422:
        return refused("bad_request", "TIDAL could not make sense of what we asked.", status=status)
    return later("service_error", f"TIDAL answered {status}.", status=status)


def _token_refusal(answer: Answer) -> Outcome:
    """Three words of the endpoint mean that the grant is over; that the client is unknown it says in two ways."""
    error = text(answer.json, "error")
    if error == "invalid_client" or (answer.status == 401 and error not in _DEAD):
        return app_refused(answer.status)
    if answer.status == 400 and error in _DEAD:
        return reconnect("The permission has ended, or was taken back at TIDAL.", status=answer.status)
    if not error:
        return unreadable(answer, LABEL)
    return later("service_error", "TIDAL did not give a token.", status=answer.status)


def _with_wait(outcome: Outcome, answer: Answer) -> Outcome:
    """A 429 without a Retry-After still says how full the bucket is: wait until it holds what the call costs."""
    wants, has, grows = (answer.headers.get(name, "") for name in _BUCKET)
    if answer.status != 429 or outcome.after is not None or not (wants.isdecimal() and grows.isdecimal()):
        return outcome
    short = int(wants[:6]) - (int(has[:6]) if has.isdecimal() else 0)
    if short <= 0 or int(grows[:6]) == 0:
        return outcome
    return replace(outcome, after=timedelta(seconds=ceil(short / int(grows[:6]))))


def _code(answer: Answer) -> str:
    """The error's own code: of the first error of a document, or of the older shape of a refused token."""
    return first(
        [*(text(one, "code") for one in dicts(answer.json, "errors")), text(answer.json, "subStatus")]
    )


def _message(answer: Answer) -> str:
    """The words of an error, in lower case."""
    said = first(text(one, "detail") for one in dicts(answer.json, "errors"))
    return (said or text(answer.json, "userMessage") or answer.text).lower()
