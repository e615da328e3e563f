"""secure.soundcloud.com: the token endpoint, `POST /oauth/token`. A refresh token works once and brings the next."""

import base64
import binascii
import hmac
from datetime import timedelta
from typing import Any

from upbeat_sandbox.call import Call, Refusal, Reply, as_json
from upbeat_sandbox.grants import Approval, Client, Code
from upbeat_sandbox.oauth2 import FIELDS, fits
from upbeat_sandbox.soundcloud.answers import error
from upbeat_sandbox.soundcloud.authorize import secure

GUIDE = "https://developers.soundcloud.com/docs/api/guide#authentication"
NO_STORE = {"Cache-Control": "no-store"}
WINDOW = timedelta(hours=12)
LIFE = 3599


def token_error(status: int, name: str) -> Reply:
    """Both forms at once: OAuth's `error`, and the API's `code` and `message`."""
    return error(status, name, link=GUIDE, error=name)


def refuse(name: str, status: int = 400) -> Refusal:
    return Refusal(token_error(status, name))


@secure.on("POST", "/oauth/token", body="form")
def token(call: Call) -> Reply:
    """Trades a code, a refresh token or the application's own credentials for an access token."""
    if call.content_type() != "application/x-www-form-urlencoded":
        raise refuse("invalid_request")
    form = call.form()
    for name in form.keys() - FIELDS:
        call.note(f"form field {name} is not known here")
    grant = GRANTS.get(form.get("grant_type", ""))
    if grant is None:
        raise refuse("unsupported_grant")
    return as_json(grant(call, form), 200, dict(NO_STORE))


def client_of(call: Call, form: dict[str, str]) -> Client:
    """The client, proved by its secret in the form or in the Authorization header."""
    given = form.get("client_id", ""), form.get("client_secret", "")
    client_id, secret = basic_credentials(call) or given
    client = call.service.grants.clients.get(client_id)
    if client is None or not hmac.compare_digest(secret.encode(), client.secret.encode()):
        raise refuse("invalid_client", 401)
    call.client_id = client.id
    return client


def basic_credentials(call: Call) -> tuple[str, str] | None:
    scheme, _, value = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, _, secret = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise refuse("invalid_client", 401) from None
    return client_id, secret


def by_code(call: Call, form: dict[str, str]) -> dict[str, Any]:
    client = client_of(call, form)
    code = call.service.grants.codes.get(form.get("code", ""))
    if code is None or code.client_id != client.id:
        raise refuse("invalid_grant")
    check_code(call, code, form)
    code.used = True
    return bearer(call, call.service.grants.approve(client.id, code.account, frozenset()))


def check_code(call: Call, code: Code, form: dict[str, str]) -> None:
    """Used, expired, for another address, or without the verifier it was bound to: no token."""
    if code.used:
        call.note("code used a second time")
    good = fits(form.get("code_verifier", ""), code.challenge)
    if code.used or code.expired(call.now) or code.redirect_uri != form.get("redirect_uri") or not good:
        raise refuse("invalid_grant")


def by_refresh(call: Call, form: dict[str, str]) -> dict[str, Any]:
    client = client_of(call, form)
    old = call.service.grants.refresh.get(form.get("refresh_token", ""))
    if old is None or old.approval.client_id != client.id or call.service.switches["invalid_grant_wave"]:
        raise refuse("invalid_grant")
    if old.spent:
        call.note("refresh token used a second time")
    if old.dead(call.now):
        raise refuse("invalid_grant")
    old.spent = True
    return bearer(call, old.approval)


def by_itself(call: Call, form: dict[str, str]) -> dict[str, Any]:
    """Few: an application is to keep its own token until it runs out."""
    client, grants = client_of(call, form), call.service.grants
    since = call.now - WINDOW + timedelta(hours=1)
    own = [one for one in grants.access.values() if one.approval is None and one.client_id == client.id]
    if (
        sum(one.expires_at is not None and one.expires_at > since for one in own)
        >= call.service.switches["app_token_limit"]
    ):
        raise refuse("rate_limit_exceeded", 429)
    access = grants.new_access(client.id, None, call.now)
    return {"access_token": access.value, "token_type": "bearer", "expires_in": LIFE, "scope": ""}


def bearer(call: Call, approval: Approval) -> dict[str, Any]:
    grants = call.service.grants
    call.token = grants.new_access(approval.client_id, approval, call.now)
    refresh = grants.new_refresh(approval, call.now, public=True)
    return {
        "access_token": call.token.value,
        "token_type": "bearer",
        "expires_in": LIFE,
        "refresh_token": refresh.value,
        "scope": "",
    }


GRANTS = {"authorization_code": by_code, "refresh_token": by_refresh, "client_credentials": by_itself}
