"""What stands before every call of api.soundcloud.com: the token in its header, the fan behind it, the limit."""

from upbeat_sandbox.call import Call, Refusal
from upbeat_sandbox.routing import Route
from upbeat_sandbox.soundcloud.answers import refuse, too_many


def read_token(call: Call) -> None:
    """Finds whose token came with the call, if any: `Authorization: OAuth <token>`."""
    scheme, _, value = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() in ("oauth", "bearer"):
        call.token = call.service.grants.access.get(value.strip())
    if scheme and scheme != "OAuth":
        call.note("the Authorization header has to begin with OAuth")
    if call.token is not None:
        call.client_id = call.token.client_id
    for name in ("oauth_token", "access_token"):
        if name in call.query:
            call.note(f"{name} in the query; it belongs in the Authorization header")


def check(call: Call, route: Route) -> None:
    """401 unless a living token came with the call, one of a fan where a fan is needed; 429 for one call too many."""
    token = call.token
    scheme = call.headers.get("authorization", "").partition(" ")[0]
    if token is None or scheme != "OAuth" or (token.approval is not None and token.approval.revoked):
        raise refuse(401, "invalid_token")
    if token.expires_at is not None and call.now >= token.expires_at:
        raise refuse(401, "invalid_token")
    wait = call.service.over_limit(call.client_id)
    if wait is not None:
        raise Refusal(too_many(call, wait))
    if route.user and token.account is None:
        raise refuse(401, "A user is required")
