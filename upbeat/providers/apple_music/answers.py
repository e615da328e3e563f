"""What Apple Music's answers mean. Pure: an answer goes in, an outcome comes out. Sources: FACTS.md."""

from datetime import timedelta
from typing import Any

from upbeat.core.delivery import NOT_FOUND_YET
from upbeat.core.outcome import Outcome, done, later, reconnect, refused
from upbeat.providers.faults import fault, unreadable
from upbeat.providers.fields import dicts, text
from upbeat.providers.http import Answer

LABEL = "Apple Music"
OPERATOR_MENDS = timedelta(minutes=30)
_FAN_MENDS = timedelta(hours=6)
NO_SUBSCRIPTION = "no_subscription"
_DEAD = "40300"
_NO_PRIVILEGE = "40015"
_NOT_UNDERSTOOD = (400, 405, 413, 414)
_TERMS = ("terms", "privacy", "acknowledge")


def read(answer: Answer) -> Outcome:
    """The outcome of a call that carried a fan's token. 202 says that Apple took it, not that it did it."""
    if 200 <= answer.status < 300:
        return _success(answer)
    return fault(answer, LABEL) or _by_status(answer.status, _errors(answer))


def read_look(answer: Answer) -> Outcome:
    """The outcome of a call with the developer token alone: what is refused there is ours to mend, never the fan's."""
    outcome = read(answer)
    if answer.status in (401, 403):
        return app_refused(answer.status)
    return outcome


def app_refused(status: int | None = None) -> Outcome:
    note = "Apple does not accept this installation's team id, key id and private key."
    return later("app_refused", note, after=OPERATOR_MENDS, status=status)


def no_subscription(status: int | None = None) -> Outcome:
    """It may be renewed any day, and the permission then works again: nobody is given up for it before the time."""
    note = "Apple Music says that this fan has no subscription at the moment."
    return later(NO_SUBSCRIPTION, note, after=_FAN_MENDS, status=status)


def _success(answer: Answer) -> Outcome:
    """A 2xx is believed when its body is empty or JSON without errors in it."""
    if not answer.body.strip():
        return done(answer.status)
    if answer.json is None:
        return unreadable(answer, LABEL)
    inner = dicts(answer.json, "errors")
    if not inner:
        return done(answer.status)
    said = text(inner[0], "status")
    status = int(said[:4]) if said.isascii() and said.isdigit() and 400 <= int(said[:4]) < 500 else 500
    if status == 500:
        return later("service_error", f"{LABEL} had a fault.", status=answer.status)
    return _by_status(status, inner)


def _by_status(status: int, errors: list[dict[str, Any]]) -> Outcome:
    codes = {text(error, "code") for error in errors}
    if status == 403:
        return _forbidden(codes, errors)
    if status == 400 and _NO_PRIVILEGE in codes:
        return no_subscription(status)
    if status in _NOT_UNDERSTOOD:
        return refused("bad_request", "Apple Music could not make sense of what we asked.", status=status)
    match status:
        case 401:
            return later("unauthorized", "Apple Music did not accept the permission just now.", status=status)
        case 404:
            return later(NOT_FOUND_YET, "Apple Music does not show it yet.", status=status)
    return later("service_error", f"Apple Music answered {status}.", status=status)


def _forbidden(codes: set[str], errors: list[dict[str, Any]]) -> Outcome:
    """40300 is the word against a user token. It has come in false waves: who hears it asks again, hours later."""
    words = " ".join(f"{text(error, 'title')} {text(error, 'detail')}" for error in errors).lower()
    if any(word in words for word in _TERMS):
        note = "The fan has to agree to Apple's current terms first, in the Music app."
        return later("terms_open", note, after=_FAN_MENDS, status=403)
    if _DEAD in codes or "authentication" in words:
        return reconnect("The permission has ended, or was taken back at Apple.", status=403)
    return later("forbidden", "Apple Music did not allow it just now.", status=403)


def _errors(answer: Answer) -> list[dict[str, Any]]:
    """The list of errors: Apple writes `errors`, the published specification says `data`."""
    return dicts(answer.json, "errors") or dicts(answer.json, "data")
