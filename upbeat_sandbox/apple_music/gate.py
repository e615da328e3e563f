"""What stands before every call of api.music.apple.com: the developer token, then the fan's own."""

from upbeat_sandbox.apple_music.answers import refuse
from upbeat_sandbox.apple_music.keys import owner
from upbeat_sandbox.call import Call
from upbeat_sandbox.grants import Client
from upbeat_sandbox.ids import fan_key

USER = "/v1/me"


def recognise_tokens(call: Call) -> None:
    """Finds whose tokens came with the call, if any; says nothing yet about whether they will do."""
    known = developer(call)
    call.client_id = known.id if isinstance(known, Client) else ""
    call.token = call.service.grants.access.get(call.headers.get("music-user-token", ""))
    if "access_token" in call.query:
        call.note("token in the query; it belongs in a header")


def developer(call: Call) -> Client | str:
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return "no developer token in the Authorization header"
    return owner(call.service.grants, token.strip(), call.headers.get("origin", ""))


def check_developer(call: Call) -> None:
    known = developer(call)
    if not isinstance(known, Client):
        call.note(f"developer token: {known}")
        raise refuse(401, "40100", "The developer token is missing, expired or not valid")


def check_limit(call: Call) -> None:
    if call.service.over_limit(call.client_id) is not None:
        raise refuse(429, "42900", "The user has made too many requests")


def check_user(call: Call) -> None:
    """401 without a token or a subscription, 403 with a token that is not (or no longer) one."""
    if "music-user-token" not in call.headers:
        raise refuse(401, "40101", "A Music-User-Token header is needed")
    token = call.token
    alive = token is not None and token.approval is not None and not token.approval.revoked
    if token is None or not alive or (token.expires_at is not None and call.now >= token.expires_at):
        raise refuse(403, "40300", "Invalid authentication", title="Forbidden")
    name = fan_key(call.account.name)
    if name in map(fan_key, call.service.switches["terms_open"]):
        raise refuse(403, "40301", "Media & Apple Music privacy terms have not been accepted")
    if call.path != "/v1/me/storefront" and name in map(fan_key, call.service.switches["no_subscription"]):
        raise refuse(401, "40102", "The user has no valid Apple Music subscription")
