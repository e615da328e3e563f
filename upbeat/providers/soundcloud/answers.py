"""What SoundCloud's answers mean. Pure: an answer goes in, an outcome comes out. Sources: FACTS.md."""

from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from upbeat.core.delivery import NOT_FOUND_YET
from upbeat.core.outcome import Outcome, Reach, done, later, reconnect, refused, wait
from upbeat.providers.base import Grant, Token
from upbeat.providers.faults import fault, retry_after, unreadable
from upbeat.providers.fields import at, dicts, first, number, text
from upbeat.providers.http import Answer
from upbeat.providers.oauth2 import granted

LABEL = "SoundCloud"
_OPERATOR_MENDS = timedelta(minutes=30)
_SPAM_PAUSE = timedelta(hours=1)
_LONGEST_WAIT = timedelta(days=30)
_MOMENT = "%Y/%m/%d %H:%M:%S %z"


def read(answer: Answer) -> Outcome:
    """The outcome of a call of the API. A 401 is never a dead grant here: only the token endpoint knows."""
    if 200 <= answer.status < 300:
        return _success(answer)
    if answer.status == 429:
        return _slow_down(answer)
    return fault(answer, LABEL) or _by_status(answer.status, message(answer))


def read_token(answer: Answer, *, kept: Token | None = None) -> Grant | Outcome:
    """What the token endpoint gave. Every renewal brings a new refresh token; `kept` is for an answer without one."""
    grant = granted(answer, kept)
    if grant is not None:
        return grant
    if answer.status == 429:
        return _slow_down(answer)
    return fault(answer, LABEL) or _token_refusal(answer)


def message(answer: Answer) -> str:
    """The words of an error in its newer form (`message`) or an older one, in lower case."""
    older = (text(one, "error_message") for one in dicts(answer.json, "errors"))
    return (first((text(answer.json, "message"), *older, text(answer.json, "error"))) or answer.text).lower()


def _success(answer: Answer) -> Outcome:
    """A 2xx is believed when its body is empty or JSON without an error in it (`code`, `error`, `errors`)."""
    if answer.body.strip() and answer.json is None:
        return unreadable(answer, LABEL)
    code = number(answer.json, "code")
    if code >= 400:
        return read(Answer(code, answer.headers, answer.body))
    if at(answer.json, "error") or at(answer.json, "errors"):
        return later("service_error", f"{LABEL} had a fault.", status=answer.status)
    return done(answer.status)


def _by_status(status: int, words: str) -> Outcome:
    if status in (400, 422) and ("maximum" in words or "limit" in words):
        return refused("library_full", "The fan's account on SoundCloud takes no more.", status=status)
    match status:
        case 400:
            return refused("bad_request", "SoundCloud could not make sense of what we asked.", status=status)
        case 401:
            return later("unauthorized", "SoundCloud did not accept the permission just now.", status=status)
        case 404:
            return later(NOT_FOUND_YET, "SoundCloud does not show it yet.", status=status)
        case 422:
            return refused(
                "account_not_allowed", "SoundCloud does not allow this for this account.", status=status
            )
    reason = "forbidden" if status == 403 else "service_error"
    return later(reason, "SoundCloud did not do it just now.", status=status)


def _slow_down(answer: Answer) -> Outcome:
    """A limit counts the app's calls; a spam warning is about what one account does."""
    outcome = wait(f"{LABEL} asked us to wait.", after=_until_reset(answer), status=answer.status)
    if text(answer.json, "spam_warning_urn"):
        return replace(outcome, reach=Reach.FAN, after=outcome.after or _SPAM_PAUSE)
    return outcome


def _until_reset(answer: Answer) -> timedelta | None:
    """`reset_time` is a moment by the service's clock, which the answer's `Date` tells too."""
    moments = (text(one, "meta", "reset_time") for one in dicts(answer.json, "errors"))
    said = first((*moments, text(answer.json, "reset_time")))
    try:
        ends = datetime.strptime(said, _MOMENT)  # noqa: DTZ007  (the form has a zone: %z)
        left = ends - parsedate_to_datetime(answer.headers.get("date", ""))
    except (ValueError, TypeError):
        return retry_after(answer)
    return min(max(left, timedelta(0)), _LONGEST_WAIT)


def _token_refusal(answer: Answer) -> Outcome:
    """Two forms: OAuth's (`error`) and the API's (`code` and `message`)."""
    match first((text(answer.json, "error"), text(answer.json, "message"))):
        case "invalid_grant":
            note = "The permission has ended, or was taken back at SoundCloud."
            return reconnect(note, status=answer.status)
        case "invalid_client" | "unauthorized_client":
            note = "SoundCloud does not accept this installation's client id and secret."
            return later("app_refused", note, after=_OPERATOR_MENDS, status=answer.status)
        case "rate_limit_exceeded":
            return _slow_down(answer)
        case "":
            return unreadable(answer, LABEL)
    return later("service_error", "SoundCloud did not give a token.", status=answer.status)
