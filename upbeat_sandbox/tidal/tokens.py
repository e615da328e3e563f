"""auth.tidal.com: the token endpoint, `POST /v1/oauth2/token`."""

from typing import Any

from upbeat_sandbox.call import Call, Refusal, Reply, as_json
from upbeat_sandbox.grants import Approval, Client, Code, RefreshToken
from upbeat_sandbox.oauth2 import FIELDS, NO_STORE, basic_credentials, bearer, fits, known_client, traded
from upbeat_sandbox.routing import Table

auth = Table()
SUB_STATUS = {"invalid_client": 6001, "invalid_grant": 11101, "invalid_request": 1002}


def flat_error(error: str, description: str, status: int = 400) -> Reply:
    """OAuth's flat form, with TIDAL's own numbers beside it."""
    body = {
        "status": status,
        "error": error,
        "sub_status": SUB_STATUS.get(error, 1002),
        "error_description": description,
    }
    return as_json(body, status, dict(NO_STORE))


def refuse(error: str, description: str, status: int = 400) -> Refusal:
    return Refusal(flat_error(error, description, status))


def refuse_client(error: str, description: str) -> Refusal:
    return refuse(error, description, 401)


@auth.on("POST", "/v1/oauth2/token", body="form")
def token(call: Call) -> Any:
    """Trades a code, a refresh token or the application's own credentials for an access token."""
    return traded(
        call,
        GRANTS,
        fields=FIELDS | {"client_unique_key"},
        missing=refuse("invalid_request", "grant_type is missing"),
        unknown=lambda kind: refuse("unsupported_grant_type", f"{kind} is not for this application"),
        headers=NO_STORE,
    )


def client_of(call: Call, form: dict[str, str]) -> tuple[Client, bool]:
    """The client and whether it proved itself by its secret (in the Authorization header or in the form)."""
    client_id, secret = basic_credentials(call, refuse_client)
    if client_id is None:
        client_id, secret = form.get("client_id"), form.get("client_secret")
    return known_client(call, client_id, secret, refuse_client)


def by_code(call: Call, form: dict[str, str]) -> dict[str, Any]:
    """A refresh token only where the switch gives one."""
    client, _ = client_of(call, form)
    for name in ("client_id", "code", "redirect_uri", "code_verifier"):
        if not form.get(name):
            raise refuse("invalid_request", f"{name} is missing")
    code = call.service.grants.codes.get(form["code"])
    if code is None or code.client_id != client.id:
        raise refuse("invalid_grant", "Invalid authorization code")
    check_code(call, code, form)
    code.used = True
    grants = call.service.grants
    approval = grants.approve(client.id, code.account, code.scopes)
    gives = call.service.facts.gives_refresh(call.service.switches)
    refresh = grants.new_refresh(approval, code.issued_at, public=False) if gives else None
    return fans_bearer(call, approval, refresh)


def check_code(call: Call, code: Code, form: dict[str, str]) -> None:
    """Used, expired, for another address, or without the verifier it was bound to: no token."""
    if code.used:
        call.note("code used a second time")
        raise refuse("invalid_grant", "Invalid authorization code")
    if code.expired(call.now):
        raise refuse("invalid_grant", "Authorization code expired")
    if code.redirect_uri != form["redirect_uri"]:
        raise refuse("invalid_grant", "Invalid redirect URI")
    if not fits(form["code_verifier"], code.challenge):
        raise refuse("invalid_grant", "code_verifier was incorrect")


def by_refresh(call: Call, form: dict[str, str]) -> dict[str, Any]:
    """The refresh token stays the same: none comes with the answer."""
    client, _ = client_of(call, form)
    for name in ("client_id", "refresh_token"):
        if not form.get(name):
            raise refuse("invalid_request", f"{name} is missing")
    held = call.service.grants.refresh.get(form["refresh_token"])
    if held is None or held.approval.client_id != client.id:
        raise refuse("invalid_grant", "Token could not be verified")
    if held.dead(call.now):
        raise refuse("invalid_grant", "Token has been revoked")
    return fans_bearer(call, held.approval, None)


def by_itself(call: Call, form: dict[str, str]) -> dict[str, Any]:
    client, proved = client_of(call, form)
    if not proved:
        raise refuse("invalid_client", "Invalid client secret", 401)
    access = call.service.grants.new_access(client.id, None, call.now)
    return {"access_token": access.value, "token_type": "Bearer", "expires_in": 86_400, "scope": ""}


def fans_bearer(call: Call, approval: Approval, refresh: RefreshToken | None) -> dict[str, Any]:
    return bearer(call, approval, refresh, lives=14_400, user_id=int(approval.account.id))


GRANTS = {"authorization_code": by_code, "refresh_token": by_refresh, "client_credentials": by_itself}
