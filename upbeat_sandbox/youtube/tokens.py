"""oauth2.googleapis.com: codes and refresh tokens become access tokens, and permissions are taken back."""

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any

from upbeat_sandbox.call import Call, Refusal, Reply, as_json
from upbeat_sandbox.clock import six_months_after
from upbeat_sandbox.grants import Approval, Client, Code, RefreshToken
from upbeat_sandbox.oauth2 import FIELDS, challenge_of, traded
from upbeat_sandbox.routing import Table

oauth2 = Table()
NO_STORE = {"Cache-Control": "no-cache, no-store, max-age=0, must-revalidate", "Pragma": "no-cache"}
TESTED = timedelta(days=7)
LIFE = 3599


def flat_error(error: str, description: str = "", status: int = 400) -> Reply:
    told = {"error": error} | ({"error_description": description} if description else {})
    return as_json(told, status, dict(NO_STORE))


def refuse(error: str, description: str = "", status: int = 400) -> Refusal:
    return Refusal(flat_error(error, description, status))


@oauth2.on("POST", "/token", body="form")
def token(call: Call) -> Any:
    """Trades a code or a refresh token for an access token. There is no token without a fan."""
    return traded(
        call,
        GRANTS,
        fields=FIELDS | {"access_type"},
        missing=refuse("invalid_request", "Missing required parameter: grant_type"),
        unknown=lambda kind: refuse("unsupported_grant_type", f"Invalid grant_type: {kind}"),
        headers=NO_STORE,
    )


def client_of(call: Call, form: dict[str, str]) -> Client:
    """The client, proved by its secret, in the form or in the Authorization header."""
    client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
    scheme, _, value = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client_id, _, secret = base64.b64decode(value).decode().partition(":")
        except ValueError:
            raise refuse("invalid_client", "Unauthorized", 401) from None
    if not client_id:
        raise refuse("invalid_request", "Could not determine client ID from request.")
    client = call.service.grants.clients.get(client_id)
    if client is None:
        raise refuse("invalid_client", "The OAuth client was not found.", 401)
    call.client_id = client.id
    if not secret:
        raise refuse("invalid_request", "client_secret is missing.")
    if not hmac.compare_digest(secret.encode(), client.secret.encode()):
        raise refuse("invalid_client", "Unauthorized", 401)
    return client


def by_code(call: Call, form: dict[str, str]) -> dict[str, Any]:
    client = client_of(call, form)
    if not form.get("code"):
        raise refuse("invalid_request", "Missing required parameter: code")
    code = call.service.grants.codes.get(form["code"])
    if code is None or code.client_id != client.id:
        raise refuse("invalid_grant", "Malformed auth code.")
    check_code(call, code, form)
    code.used = True
    approval = call.service.grants.approve(client.id, code.account, code.scopes)
    answer = bearer(call, approval)
    if not code.offline:
        return answer
    refresh = call.service.grants.new_refresh(approval, code.issued_at, public=False)
    live_on(call, refresh)
    return answer | {"refresh_token": refresh.value} | tested(call)


def check_code(call: Call, code: Code, form: dict[str, str]) -> None:
    """Used, expired, for another address, or without the verifier it was bound to: no token."""
    if code.used:
        call.note("code used a second time")
        raise refuse("invalid_grant", "Bad Request")
    if code.expired(call.now):
        raise refuse("invalid_grant", "Bad Request")
    if code.redirect_uri != form.get("redirect_uri"):
        raise refuse("redirect_uri_mismatch", "Bad Request")
    verifier = form.get("code_verifier", "")
    if not code.challenge:
        if verifier:
            raise refuse("invalid_grant", "code_verifier or verifier is not needed.")
        return
    if not verifier:
        raise refuse("invalid_grant", "Missing code verifier.")
    given = challenge_of(verifier) if code.method == "S256" else verifier
    fits = hmac.compare_digest(given, code.challenge)
    if not 43 <= len(verifier) <= 128 or not fits:
        raise refuse("invalid_grant", "Invalid code verifier.")


def by_refresh(call: Call, form: dict[str, str]) -> dict[str, Any]:
    """A refresh token is kept, and each use lets it live for six months more."""
    client = client_of(call, form)
    if not form.get("refresh_token"):
        raise refuse("invalid_request", "Missing required parameter: refresh_token")
    held = call.service.grants.refresh.get(form["refresh_token"])
    if held is None or held.approval.client_id != client.id:
        raise refuse("invalid_grant", "Bad Request")
    if held.dead(call.now):
        raise refuse("invalid_grant", "Token has been expired or revoked.")
    live_on(call, held)
    return bearer(call, held.approval) | tested(call)


def live_on(call: Call, refresh: RefreshToken) -> None:
    in_testing = call.service.switches["publishing"] == "testing"
    refresh.dies_at = refresh.authorized_at + TESTED if in_testing else six_months_after(call.now)


def tested(call: Call) -> dict[str, Any]:
    """Of an app that is still being tested the answer says how long the permission lives."""
    in_testing = call.service.switches["publishing"] == "testing"
    return {"refresh_token_expires_in": int(TESTED.total_seconds()) - 1} if in_testing else {}


def bearer(call: Call, approval: Approval) -> dict[str, Any]:
    access = call.service.grants.new_access(approval.client_id, approval, call.now)
    call.token = access
    return {
        "access_token": access.value,
        "expires_in": LIFE,
        "scope": " ".join(sorted(access.scopes)),
        "token_type": "Bearer",
    }


GRANTS = {"authorization_code": by_code, "refresh_token": by_refresh}


@oauth2.on("POST", "/revoke", query="token", body="form")
def revoke(call: Call) -> Any:
    """Takes a permission back, by its access or refresh token: all tokens of this fan and client are dead."""
    value = call.query.get("token") or call.form().get("token", "")
    grants = call.service.grants
    access, refresh = grants.access.get(value), grants.refresh.get(value)
    approval = access.approval if access else refresh.approval if refresh else None
    if approval is None or approval.revoked:
        raise refuse("invalid_token", "Token expired or revoked")
    call.fan, call.client_id = approval.account, approval.client_id
    grants.revoke(approval.account, approval.client_id)
    return {}


@oauth2.on("GET", "/tokeninfo", query="access_token")
@oauth2.on("POST", "/tokeninfo", query="access_token", body="form")
def tokeninfo(call: Call) -> Any:
    """What is known of an access token (the older form of it is `oauth2/v2/tokeninfo` of the API's host)."""
    held = call.service.grants.access.get(
        call.query.get("access_token") or call.form().get("access_token", "")
    )
    approval = held.approval if held else None
    if (
        held is None
        or approval is None
        or approval.revoked
        or (held.expires_at and call.now >= held.expires_at)
    ):
        raise refuse("invalid_token", "Invalid Value")
    left = int((held.expires_at - call.now).total_seconds()) if held.expires_at else LIFE
    return {
        "azp": held.client_id,
        "aud": held.client_id,
        "sub": google_id(approval.account.id),
        "scope": " ".join(sorted(held.scopes)),
        "exp": str(int(call.now.timestamp()) + left),
        "expires_in": str(left),
        "access_type": "offline",
    }


def google_id(account_id: str) -> str:
    """The account's number at Google, 21 digits."""
    return f"1{int.from_bytes(hashlib.sha256(account_id.encode()).digest(), 'big') % 10**20:020d}"
