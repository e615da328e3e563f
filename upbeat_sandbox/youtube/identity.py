"""www.googleapis.com/oauth2/v2: who the fan is at Google, for those who ask for it (`openid`, `email`, `profile`)."""

from typing import Any

from upbeat_sandbox.call import Call, Refusal, Reply, as_json
from upbeat_sandbox.youtube.answers import refuse
from upbeat_sandbox.youtube.gate import too_few_scopes, unauthorized
from upbeat_sandbox.youtube.scopes import EMAIL, PROFILE
from upbeat_sandbox.youtube.tokens import google_id

PATHS = ("/oauth2/v2/", "/userinfo/v2/", "/oauth2/v3/")


def answer(call: Call) -> Reply:
    if (
        call.path in ("/oauth2/v2/userinfo", "/userinfo/v2/me", "/oauth2/v3/userinfo")
        and call.method == "GET"
    ):
        return as_json(userinfo(call))
    if call.path == "/oauth2/v2/tokeninfo":
        return as_json(tokeninfo(call))
    raise refuse(404, "notFound", "Not Found")


def userinfo(call: Call) -> dict[str, Any]:
    """`id` always; the rest as far as the scopes reach."""
    token = living(call)
    account, scopes = call.account, token.scopes
    if scopes.isdisjoint({"openid", EMAIL, PROFILE}):
        raise Refusal(too_few_scopes())
    key = "sub" if "/v3/" in call.path else "id"
    told: dict[str, Any] = {key: google_id(account.id)}
    if EMAIL in scopes:
        told |= {"email": account.email(), "email_verified" if key == "sub" else "verified_email": True}
    if PROFILE in scopes:
        first, _, last = account.name.partition(" ")
        picture = f"{call.origin}/youtube/images/user-{account.id}-64.png"
        told |= {"name": account.name, "given_name": first, "family_name": last, "picture": picture}
    return told


def tokeninfo(call: Call) -> dict[str, Any]:
    """What is known of an access token."""
    given = call.query.get("access_token") or call.form().get("access_token", "")
    call.token = call.service.grants.access.get(given) or call.token
    if call.token is None or (call.token.approval is not None and call.token.approval.revoked):
        raise refuse(400, "invalidParameter", "Invalid Value", location="access_token")
    token = living(call)
    left = int((token.expires_at - call.now).total_seconds()) if token.expires_at else 0
    told: dict[str, Any] = {
        "issued_to": token.client_id,
        "audience": token.client_id,
        "user_id": google_id(call.account.id),
        "scope": " ".join(sorted(token.scopes)),
        "expires_in": left,
    }
    return told | ({"email": call.account.email(), "verified_email": True} if EMAIL in token.scopes else {})


def living(call: Call) -> Any:
    """The fan's token, if it lives."""
    token = call.token
    if token is None or token.account is None or (token.approval is not None and token.approval.revoked):
        raise Refusal(unauthorized())
    if token.expires_at is not None and call.now >= token.expires_at:
        raise Refusal(unauthorized())
    return token
