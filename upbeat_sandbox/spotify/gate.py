"""What stands before every call of api.spotify.com: the token, the allow-list, the scope, the call limit."""

from upbeat_sandbox.call import Call, Refusal, Reply, as_json, as_text
from upbeat_sandbox.ids import fan_key
from upbeat_sandbox.routing import Route
from upbeat_sandbox.spotify.answers import error, refuse

NOT_REGISTERED = "User not registered in the Developer Dashboard"
NOT_REGISTERED_2026 = "The user is not registered for this application. Please check your settings on https://developer.spotify.com/dashboard."


def read_token(call: Call) -> None:
    """Finds whose token came with the call, if any; says nothing yet about whether it will do."""
    header = call.headers.get("authorization", "")
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        call.token = call.service.grants.access.get(value.strip())
    if call.token is not None:
        call.client_id = call.token.client_id
    if "access_token" in call.query:
        call.note("token in the query; it belongs in the Authorization header")


def unauthorized(message: str) -> Reply:
    challenge = f'Bearer realm="spotify", error="invalid_token", error_description="{message}"'
    return error(401, message, headers={"WWW-Authenticate": challenge})


def check_token(call: Call) -> None:
    """401 or 400 unless a living token came with the call."""
    header = call.headers.get("authorization", "")
    if not header:
        raise Refusal(unauthorized("No token provided"))
    if header.partition(" ")[0].lower() != "bearer":
        raise refuse(400, "Only valid bearer authentication supported")
    token = call.token
    if token is None or (token.approval is not None and token.approval.revoked):
        raise Refusal(unauthorized("Invalid access token"))
    if token.expires_at is not None and call.now >= token.expires_at:
        raise Refusal(unauthorized("The access token expired"))


def check_limit(call: Call) -> None:
    """429 with an honest Retry-After once the application has used up its rolling window."""
    wait = call.service.over_limit(call.client_id)
    if wait is not None:
        raise Refusal(too_many(wait))


def too_many(wait: float, body: str = "json", reason: str = "") -> Reply:
    """Spotify's 429, as JSON or as the bare text some clients met."""
    more = {"reason": reason} if reason else {}
    content = {"error": {"status": 429, "message": "Too many requests"} | more}
    reply = as_text("Too many requests", 429) if body == "text" else as_json(content, 429)
    reply.headers["Retry-After"] = str(int(wait))
    return reply


def check_permission(call: Call, route: Route) -> None:
    """401 where a fan is needed, 403 for development mode's rules and missing scopes."""
    token, switches = call.token, call.service.switches
    assert token is not None
    if switches["mode"] == "development":
        if token.account is not None and not on_allow_list(call):
            raise Refusal(not_registered(switches["not_registered_body"]))
        if route.deprecated:
            raise refuse(403, "Forbidden")
    if route.user and token.account is None:
        raise Refusal(unauthorized("Valid user authentication required"))
    if route.scopes and not token.scopes.intersection(route.scopes):
        raise refuse(403, "Insufficient client scope")


def on_allow_list(call: Call) -> bool:
    listed = call.service.switches["allow_list"]
    return call.account.id in listed or fan_key(call.account.name) in {fan_key(name) for name in listed}


def not_registered(body: str) -> Reply:
    if body == "text":
        return as_text(NOT_REGISTERED, 403)
    return error(403, NOT_REGISTERED if body == "json" else NOT_REGISTERED_2026)


def require(call: Call, *scopes: str) -> None:
    """403 unless the token has one of the scopes; for rules that depend on what is asked."""
    assert call.token is not None
    if not call.token.scopes.intersection(scopes):
        raise refuse(403, "Insufficient client scope")
