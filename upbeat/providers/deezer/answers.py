"""What Deezer's answers mean. Pure. A 200 proves nothing here: the body decides. Sources: FACTS.md."""

import re
from datetime import timedelta
from urllib.parse import parse_qs

from upbeat.core.delivery import NOT_FOUND_YET
from upbeat.core.outcome import Outcome, already, done, later, reconnect, refused, wait
from upbeat.providers.base import Grant, Token
from upbeat.providers.faults import fault, unreadable
from upbeat.providers.fields import at, digits, seconds, text
from upbeat.providers.http import Answer

LABEL = "Deezer"
_QUOTA_WINDOW = timedelta(seconds=5)
_OPERATOR_MENDS = timedelta(minutes=30)
_BAD_CODE = re.compile(r"(wrong|invalid|expired|used)[a-z ]* code|code [a-z ]*(wrong|invalid|expired|used)")
_NOT_UNDERSTOOD = ("bad_request", "Deezer could not make sense of what we asked.")
_REFUSALS = {
    100: ("library_full", "The fan's library or playlist on Deezer is full."),
    200: ("scope_missing", "The fan's permission does not cover this."),
    500: _NOT_UNDERSTOOD,
    501: _NOT_UNDERSTOOD,
    600: _NOT_UNDERSTOOD,
    901: ("account_not_allowed", "Deezer does not allow this kind of account to do it."),
}


def read(answer: Answer) -> Outcome:
    """The outcome of a call: `true` and objects are successes, `false` and anything with `error` in it are not."""
    outcome = fault(answer, LABEL)
    if outcome is not None:
        return outcome
    if at(answer.json, "error"):
        return _by_error(answer)
    if answer.status >= 400:
        return later("service_error", f"Deezer answered {answer.status}.", status=answer.status)
    if answer.json is False:
        return later("not_done", "Deezer said that it was not done.", status=answer.status)
    if answer.json is True or isinstance(answer.json, dict | list):
        return done(answer.status)
    return unreadable(answer, LABEL)


def read_token(answer: Answer, scopes: frozenset[str] = frozenset()) -> Grant | Outcome:
    """What the token endpoint gave: JSON or a form-encoded line; `expires` 0 means never. Errors are plain words."""
    fields = answer.json if isinstance(answer.json, dict) else _form(answer.text)
    access = text(fields, "access_token")
    if answer.status == 200 and access:
        life = seconds(fields, "expires") or None
        return Grant(access=Token(access), refresh=None, expires_in=life, scopes=scopes)
    outcome = fault(answer, LABEL)
    if outcome is not None:
        return outcome
    words = (text(answer.json, "error", "message") or answer.text).lower()
    if _BAD_CODE.search(words):
        return refused(
            "code_refused",
            "Deezer no longer knows this step: it was used, or took too long.",
            status=answer.status,
        )
    if "secret" in words or "app_id" in words or "application" in words:
        note = "Deezer does not accept this installation's app id and secret."
        return later("app_refused", note, after=_OPERATOR_MENDS, status=answer.status)
    return unreadable(answer, LABEL)


def _by_error(answer: Answer) -> Outcome:
    """By the error's code; an error that is a mere word, or has no code we know, is a passing fault."""
    code = _code(answer)
    if "already" in text(answer.json, "error", "message").lower():
        return already(status=answer.status)
    if code in _REFUSALS:
        return refused(*_REFUSALS[code], status=answer.status)
    match code:
        case 4:
            return wait("Deezer asked us to wait.", after=_QUOTA_WINDOW, status=answer.status)
        case 300:
            return reconnect("The permission has ended, or was taken back at Deezer.", status=answer.status)
        case 800:
            return later(NOT_FOUND_YET, "Deezer does not show it yet.", status=answer.status)
    return later("service_error", "Deezer had a fault.", status=answer.status)


def _code(answer: Answer) -> int:
    return digits(answer.json, "error", "code")


def _form(body: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(body).items()}
