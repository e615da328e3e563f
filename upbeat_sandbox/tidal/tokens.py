"""auth.tidal.com: the token endpoint, `POST /v1/oauth2/token`."""

import base64
import binascii
import hashlib
import hmac
from typing import Any
from urllib.parse import unquote

from upbeat_sandbox.call import Call, Refusal, Reply, as_json
from upbeat_sandbox.grants import Approval, Client, Code, RefreshToken
from upbeat_sandbox.routing import Table

auth = Table()
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
FIELDS = {
    "grant_type",
    "code",
    "redirect_uri",
    "client_id",
    "client_secret",
    "client_unique_key",
    "code_verifier",
    "refresh_token",
    "scope",
}
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


@auth.on("POST", "/v1/oauth2/token", body="form")
def token(call: Call) -> Any:
    """Trades a code, a refresh token or the application's own credentials for an access token."""
    if call.content_type() != "application/x-www-form-urlencoded":
        call.note("the body must be application/x-www-form-urlencoded")
        raise refuse("invalid_request", "grant_type is missing")
    form = call.form()
    for name in form.keys() - FIELDS:
        call.note(f"form field {name} is not known here")
    kind = form.get("grant_type")
    if not kind:
        raise refuse("invalid_request", "grant_type is missing")
    if kind not in GRANTS:
        raise refuse("unsupported_grant_type", f"{kind} is not for this application")
    return as_json(GRANTS[kind](call, form), 200, dict(NO_STORE))


def client_of(call: Call, form: dict[str, str]) -> tuple[Client, bool]:
    """The client and whether it proved itself by its secret (in the Authorization header or in the form)."""
    client_id, secret = basic_credentials(call)
    if client_id is None:
        client_id, secret = form.get("client_id"), form.get("client_secret")
    client = call.service.grants.clients.get(client_id or "")
    if client is None:
        raise refuse("invalid_client", "Invalid client", 401)
    call.client_id = client.id
    if secret is None:
        return client, False
    if not hmac.compare_digest(secret.encode(), client.secret.encode()):
        raise refuse("invalid_client", "Invalid client secret", 401)
    return client, True


def basic_credentials(call: Call) -> tuple[str | None, str | None]:
    scheme, _, value = call.headers.get("authorization", "").partition(" ")
    if not scheme:
        return None, None
    try:
        text = base64.b64decode(value.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        text = ""
    if scheme.lower() != "basic" or ":" not in text:
        raise refuse("invalid_client", "Invalid client", 401)
    client_id, _, secret = text.partition(":")
    return unquote(client_id), unquote(secret)


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
    return bearer(call, approval, refresh)


def check_code(call: Call, code: Code, form: dict[str, str]) -> None:
    """Used, expired, for another address, or without the verifier it was bound to: no token."""
    if code.used:
        call.note("code used a second time")
        raise refuse("invalid_grant", "Invalid authorization code")
    if code.expired(call.now):
        raise refuse("invalid_grant", "Authorization code expired")
    if code.redirect_uri != form["redirect_uri"]:
        raise refuse("invalid_grant", "Invalid redirect URI")
    verifier = form["code_verifier"]
    if not 43 <= len(verifier) <= 128 or not hmac.compare_digest(challenge_of(verifier), code.challenge):
        raise refuse("invalid_grant", "code_verifier was incorrect")


def challenge_of(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


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
    return bearer(call, held.approval, None)


def by_itself(call: Call, form: dict[str, str]) -> dict[str, Any]:
    client, proved = client_of(call, form)
    if not proved:
        raise refuse("invalid_client", "Invalid client secret", 401)
    access = call.service.grants.new_access(client.id, None, call.now)
    return {"access_token": access.value, "token_type": "Bearer", "expires_in": 86_400, "scope": ""}


def bearer(call: Call, approval: Approval, refresh: RefreshToken | None) -> dict[str, Any]:
    access = call.service.grants.new_access(approval.client_id, approval, call.now)
    call.token = access
    answer = {
        "access_token": access.value,
        "token_type": "Bearer",
        "expires_in": 14_400,
        "scope": " ".join(sorted(access.scopes)),
        "user_id": int(approval.account.id),
    }
    return answer | ({"refresh_token": refresh.value} if refresh else {})


GRANTS = {"authorization_code": by_code, "refresh_token": by_refresh, "client_credentials": by_itself}
