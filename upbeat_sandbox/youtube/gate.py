"""What stands before every call of the Data API: token or key, the day's units, the scope, the shape."""

from datetime import datetime
from zoneinfo import ZoneInfo

from upbeat_sandbox.call import Call, Refusal, Reply
from upbeat_sandbox.ids import fan_key
from upbeat_sandbox.routing import Route
from upbeat_sandbox.youtube.answers import error, refuse
from upbeat_sandbox.youtube.facts import api_key

PACIFIC = ZoneInfo("America/Los_Angeles")
_NO_KEY = (
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other "
    "form of API consumer identity to call this API."
)
_NOT_ACCEPTED = (
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
    "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
)
_QUOTA = (
    "The request cannot be completed because you have exceeded your "
    '<a href="/youtube/v3/getting-started#quota">quota</a>.'
)
_INFO = "type.googleapis.com/google.rpc.ErrorInfo"


def read_token(call: Call) -> None:
    """Finds whose token or key came with the call, if any; says nothing yet about whether it will do."""
    scheme, _, value = call.headers.get("authorization", "").partition(" ")
    given = value.strip() if scheme.lower() == "bearer" else ""
    for name in ("access_token", "oauth_token"):
        if name in call.query:
            call.note(f"token in the query as {name}; it belongs in the Authorization header")
            given = given or call.query[name]
    call.token = call.service.grants.access.get(given)
    if call.token is not None:
        call.client_id = call.token.client_id
        return
    key = given_key(call)
    owner = [one.id for one in call.service.grants.clients.values() if key and api_key(one) == key]
    call.client_id = owner[0] if owner else ""


def given_key(call: Call) -> str:
    return call.headers.get("x-goog-api-key", "") or call.query.get("key", "")


def check_identity(call: Call) -> None:
    """401, 403 or 400 unless a living token or a good key came with the call."""
    wants_token = (
        "authorization" in call.headers or "access_token" in call.query or "oauth_token" in call.query
    )
    if wants_token:
        token = call.token
        dead = token is None or (token.approval is not None and token.approval.revoked)
        if dead or (token and token.expires_at is not None and call.now >= token.expires_at):
            raise Refusal(unauthorized())
    elif not given_key(call):
        raise refuse(403, "forbidden", _NO_KEY, status="PERMISSION_DENIED")
    elif not call.client_id:
        words = "API key not valid. Please pass a valid API key."
        info = {"@type": _INFO, "reason": "API_KEY_INVALID", "domain": "googleapis.com"}
        raise refuse(400, "badRequest", words, status="INVALID_ARGUMENT", details=[info])


def unauthorized(message: str = "") -> Reply:
    challenge = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
    return error(
        401,
        "authError",
        message or _NOT_ACCEPTED,
        location="Authorization",
        kind="header",
        headers={"WWW-Authenticate": challenge},
        status="UNAUTHENTICATED",
    )


def check_parameters(call: Call, route: Route) -> None:
    """400 for a parameter no method has; a body where none belongs is noted and nothing else."""
    for name in call.query:
        if name not in route.query:
            field = f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter.'
            raise refuse(400, "invalid", field, status="INVALID_ARGUMENT")
    for name in set(call.query) & {"client_secret", "refresh_token"}:
        call.note(f"{name} in the query; it belongs in the body")
    if call.body and not route.body:
        call.note("a body where none belongs")


def check_permission(call: Call, route: Route) -> None:
    """401 where a fan is needed, 403 for a missing scope, 401 for a fan without a channel."""
    token = call.token
    if token is None or token.account is None:
        if route.user or call.query.get("mine", "").lower() == "true" or call.path.endswith("/getRating"):
            words = "Login Required."
            raise refuse(
                401, "required", words, location="Authorization", kind="header", status="UNAUTHENTICATED"
            )
        return
    if not token.scopes.intersection(route.scopes):
        raise Refusal(too_few_scopes())
    if route.user and without_channel(call):
        words = "Unauthorized"
        raise refuse(
            401,
            "youtubeSignupRequired",
            words,
            domain="youtube.header",
            location="Authorization",
            kind="header",
        )


def too_few_scopes() -> Reply:
    words = "Request had insufficient authentication scopes."
    meta = {"service": "youtube.googleapis.com"}
    info = {
        "@type": _INFO,
        "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "domain": "googleapis.com",
        "metadata": meta,
    }
    return error(403, "insufficientPermissions", words, status="PERMISSION_DENIED", details=[info])


def without_channel(call: Call) -> bool:
    listed = {fan_key(name) for name in call.service.switches["no_channel"]}
    return fan_key(call.account.name) in listed


def check_rate(call: Call) -> None:
    """403 once the application has used up its rolling window."""
    if call.service.over_limit(call.client_id) is not None:
        raise Refusal(too_fast())


def too_fast() -> Reply:
    words = "The request cannot be completed because you have sent too many requests in a short time."
    return error(403, "rateLimitExceeded", words, domain="usageLimits")


def spend(call: Call, units: int, bucket: str = "units") -> None:
    """Counts what a call costs its project today; 403, and nothing counted, where the day's units do not reach."""
    spent, key = call.service.spent, (call.client_id, bucket, pacific_day(call.now))
    limit = call.service.switches["units_a_day" if bucket == "units" else "searches_a_day"]
    if spent.get(key, 0) + units > limit:
        raise Refusal(out_of_units())
    spent[key] = spent.get(key, 0) + units


def out_of_units() -> Reply:
    return error(403, "quotaExceeded", _QUOTA, domain="youtube.quota")


def pacific_day(now: datetime) -> str:
    return now.astimezone(PACIFIC).date().isoformat()
