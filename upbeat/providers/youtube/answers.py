"""What the answers of YouTube and of Google's token endpoint mean. Pure. Sources: FACTS.md."""

from dataclasses import replace
from datetime import timedelta

from upbeat.core.delivery import NOT_FOUND_YET
from upbeat.core.outcome import Outcome, already, done, later, reconnect, refused, spent, wait
from upbeat.providers.base import Grant, Token
from upbeat.providers.faults import fault, retry_after, unreadable
from upbeat.providers.fields import at, dicts, number, seconds, text
from upbeat.providers.http import Answer
from upbeat.providers.oauth2 import granted

LABEL = "YouTube"
_OPERATOR_MENDS = timedelta(minutes=30)
_A_MINUTE = timedelta(minutes=1)
_DAY_IS_OVER = frozenset({"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"})
_TOO_FAST = frozenset(
    {"rateLimitExceeded", "userRateLimitExceeded", "servingLimitExceeded", "processingFailure"}
)
_OPERATORS = frozenset(
    {
        "accessNotConfigured",
        "keyInvalid",
        "keyExpired",
        "ipRefererBlocked",
        "SERVICE_DISABLED",
        "API_KEY_INVALID",
    }
)
_REFUSALS = {
    "youtubeSignupRequired": ("no_channel", "The fan has no YouTube channel yet, and only a channel can like a video."),
    "videoRatingDisabled": ("rating_disabled", "This video takes no likes."),
    "videoPurchaseRequired": ("purchase_required", "This video has to be bought before it can be liked."),
    "emailNotVerified": ("email_not_verified", "The fan has not confirmed their e-mail address with YouTube yet."),
    "insufficientPermissions": ("scope_missing", "The fan's permission does not cover this."),
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": ("scope_missing", "The fan's permission does not cover this."),
    "playlistContainsMaximumNumberOfVideos": ("library_full", "The fan's playlist on YouTube is full."),
    "maxPlaylistExceeded": ("library_full", "The fan has as many playlists as YouTube allows."),
    "authenticatedUserAccountClosed": ("account_not_allowed", "The fan's YouTube account is closed."),
    "authenticatedUserAccountSuspended": ("account_not_allowed", "YouTube has suspended the fan's account."),
    "accountClosed": ("account_not_allowed", "The account is closed."),
    "accountSuspended": ("account_not_allowed", "The account is suspended."),
    "subscriptionForbidden": ("follow_forbidden", "YouTube does not let this account subscribe to more channels."),
}  # fmt: skip


def read(answer: Answer) -> Outcome:
    """The outcome of a call of the Data API: by the error's reason first, then by its status.

    A 401 is never a dead grant here: only the token endpoint knows.
    """
    if 200 <= answer.status < 300:
        return _success(answer)
    reasons = _reasons(answer)
    return _by_reason(reasons, answer) or fault(answer, LABEL) or _by_status(answer)


def read_token(answer: Answer, *, kept: Token | None = None) -> Grant | Outcome:
    """What the token endpoint gave. `kept` is the refresh token to go on with where no new one came.

    `refresh_token_expires_in` comes where the permission has an end: of an app that is still being tested after
    seven days, and where the fan chose a time.
    """
    grant = granted(answer, kept)
    if grant is not None:
        return replace(grant, life=seconds(answer.json, "refresh_token_expires_in") or None)
    return fault(answer, LABEL) or _token_refusal(answer)


def _success(answer: Answer) -> Outcome:
    """A 2xx is believed when its body is empty or JSON without an error in it."""
    if answer.body.strip() and answer.json is None:
        return unreadable(answer, LABEL)
    if not at(answer.json, "error"):
        return done(answer.status)
    inner = Answer(number(answer.json, "error", "code") or 500, answer.headers, answer.body)
    return read(inner) if inner.status >= 400 else later("service_error", f"{LABEL} had a fault.", status=200)


def _by_reason(reasons: frozenset[str], answer: Answer) -> Outcome | None:
    """What the error's own words decide, whatever the status; None where they say nothing we know."""
    status = answer.status
    if reasons & _DAY_IS_OVER or (reasons & _TOO_FAST and "per day" in _message(answer)):
        return spent("YouTube has done today what it does for this installation in a day.", status=status)
    if reasons & _TOO_FAST:
        return wait("YouTube asked us to wait.", after=retry_after(answer) or _A_MINUTE, status=status)
    if "subscriptionDuplicate" in reasons:
        return already(status=status)
    if reasons & _OPERATORS or "api key not valid" in _message(answer):
        note = "YouTube does not let this installation's project or API key use the Data API."
        return later("app_refused", note, after=_OPERATOR_MENDS, status=status)
    known = next((_REFUSALS[reason] for reason in _REFUSALS if reason in reasons), None)
    return None if known is None else refused(*known, status=status)


def _by_status(answer: Answer) -> Outcome:
    match answer.status:
        case 400:
            return refused("bad_request", "YouTube could not make sense of what we asked.", status=400)
        case 401:
            return later("unauthorized", "YouTube did not accept the permission just now.", status=401)
        case 403:
            return later("forbidden", "YouTube did not allow it just now.", status=403)
        case 404:
            return later(NOT_FOUND_YET, "YouTube does not show it yet.", status=404)
    return later("service_error", f"YouTube answered {answer.status}.", status=answer.status)


def _token_refusal(answer: Answer) -> Outcome:
    match text(answer.json, "error"):
        case "invalid_grant":
            return reconnect("The permission has ended, or was taken back at Google.", status=answer.status)
        case "invalid_client" | "unauthorized_client" | "deleted_client":
            note = "Google does not accept this installation's client id and secret."
            return later("app_refused", note, after=_OPERATOR_MENDS, status=answer.status)
        case "redirect_uri_mismatch":
            note = "Google does not know this installation's redirect address."
            return later("app_refused", note, after=_OPERATOR_MENDS, status=answer.status)
        case "":
            return unreadable(answer, LABEL)
    return later("service_error", "Google did not give a token.", status=answer.status)


def _reasons(answer: Answer) -> frozenset[str]:
    """Every reason an error names: in `errors`, and in the `details` of newer answers."""
    named = dicts(answer.json, "error", "errors") + dicts(answer.json, "error", "details")
    return frozenset(text(one, "reason") for one in named)


def _message(answer: Answer) -> str:
    return text(answer.json, "error", "message").lower()
