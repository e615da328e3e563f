"""accounts.spotify.com: the token endpoint, `POST /api/token`."""

from typing import Any

from upbeat_sandbox.call import Call, Refusal, Reply, as_json
from upbeat_sandbox.grants import Client, Code
from upbeat_sandbox.oauth2 import FIELDS, NO_STORE, basic_credentials, bearer, fits, known_client, traded
from upbeat_sandbox.spotify.authorize import accounts

LIFE = 3600


def flat_error(error: str, description: str, status: int = 400) -> Reply:
    """OAuth's flat form, unlike the API's."""
    return as_json({"error": error, "error_description": description}, status, dict(NO_STORE))


def refuse(error: str, description: str) -> Refusal:
    return Refusal(flat_error(error, description))


@accounts.on("POST", "/api/token", body="form")
def token(call: Call) -> Any:
    """Trades a code, a refresh token or the application's own credentials for an access token."""
    names = "client_credentials, authorization_code or refresh_token"
    return traded(
        call,
        GRANTS,
        fields=FIELDS,
        missing=refuse("unsupported_grant_type", "grant_type parameter is missing"),
        unknown=lambda _: refuse("unsupported_grant_type", f"grant_type must be {names}"),
        headers=NO_STORE,
    )


def client_of(call: Call, form: dict[str, str]) -> tuple[Client, bool]:
    """The client and whether it proved itself by its secret (in the Authorization header or in the form)."""
    client_id, secret = basic_credentials(call, refuse)
    if client_id is None:
        client_id, secret = form.get("client_id"), form.get("client_secret")
    elif "client_secret" in form:
        call.note("client secret given twice: in the header and in the form")
    return known_client(call, client_id, secret, refuse)


def by_code(call: Call, form: dict[str, str]) -> dict[str, Any]:
    client, proved = client_of(call, form)
    for name in ("code", "redirect_uri"):
        if not form.get(name):
            raise refuse("invalid_request", f"{name} must be supplied")
    code = call.service.grants.codes.get(form["code"])
    if code is None or code.client_id != client.id:
        raise refuse("invalid_grant", "Invalid authorization code")
    check_code(call, code, form, proved)
    code.used = True
    approval = call.service.grants.approve(client.id, code.account, code.scopes)
    refresh = call.service.grants.new_refresh(approval, code.issued_at, public=not proved)
    return bearer(call, approval, refresh, lives=LIFE)


def check_code(call: Call, code: Code, form: dict[str, str], proved: bool) -> None:
    """Used, expired, for another address, or without the verifier it was bound to: no token."""
    if code.used:
        call.note("code used a second time")
        if call.service.switches["replay_revokes"]:
            call.service.grants.revoke(code.account, code.client_id)
        raise refuse("invalid_grant", "Invalid authorization code")
    if code.expired(call.now):
        raise refuse("invalid_grant", "Authorization code expired")
    if code.redirect_uri != form["redirect_uri"]:
        raise refuse("invalid_grant", "Invalid redirect URI")
    verifier = form.get("code_verifier")
    if not code.challenge:
        if not proved:
            raise refuse("invalid_client", "Invalid client secret")
        if verifier is not None:
            call.note("code_verifier sent for a code that was asked for without a challenge")
        return
    if not verifier:
        raise refuse("invalid_request", "code_verifier must be supplied")
    if not fits(verifier, code.challenge):
        raise refuse("invalid_grant", "code_verifier was incorrect")


def by_refresh(call: Call, form: dict[str, str]) -> dict[str, Any]:
    """A refresh token of a public client works once and brings the next; a confidential one keeps its own."""
    client, proved = client_of(call, form)
    if not form.get("refresh_token"):
        raise refuse("invalid_request", "refresh_token must be supplied")
    grants = call.service.grants
    old = grants.refresh.get(form["refresh_token"])
    if old is None or old.approval.client_id != client.id:
        raise refuse("invalid_grant", "Invalid refresh token")
    if not proved and not old.public:
        raise refuse("invalid_client", "Invalid client secret")
    if old.spent:
        call.note("refresh token used a second time")
    if old.dead(call.now):
        raise refuse("invalid_grant", "Refresh token revoked")
    rotate = old.public or call.service.switches["rotate_refresh_tokens"]
    if not rotate:
        return bearer(call, old.approval, None, lives=LIFE)
    old.spent = True
    refresh = grants.new_refresh(old.approval, old.authorized_at, public=old.public)
    return bearer(call, old.approval, refresh, lives=LIFE)


def by_itself(call: Call, form: dict[str, str]) -> dict[str, Any]:
    client, proved = client_of(call, form)
    if not proved:
        raise refuse("invalid_client", "Invalid client secret")
    access = call.service.grants.new_access(client.id, None, call.now)
    return {"access_token": access.value, "token_type": "Bearer", "expires_in": LIFE}


GRANTS = {"authorization_code": by_code, "refresh_token": by_refresh, "client_credentials": by_itself}
