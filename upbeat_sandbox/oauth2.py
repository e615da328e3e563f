"""What services with the standard dialect of permission ask and answer in the same way (RFC 6749, RFC 7636)."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from upbeat_sandbox import consent
from upbeat_sandbox.call import Call, Refusal, Reply, as_json, redirect
from upbeat_sandbox.grants import Approval, Client, Code, RefreshToken, fresh
from upbeat_sandbox.people import Account
from upbeat_sandbox.redirects import accepted, with_parameters

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
FIELDS = {
    "grant_type",
    "code",
    "redirect_uri",
    "client_id",
    "client_secret",
    "code_verifier",
    "refresh_token",
    "scope",
}
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
Grants = Mapping[str, Callable[[Call, dict[str, str]], dict[str, Any]]]


def application(
    call: Call, *, unknown: tuple[str, str], unregistered: tuple[str, str], localhost: bool = True
) -> tuple[Client, str]:
    """The application and the address to go back to; a page of its own (headline, words) if those cannot be trusted."""
    client = call.service.grants.clients.get(call.query.get("client_id", ""))
    if client is None:
        raise Refusal(consent.error_page(call, *unknown))
    call.client_id = client.id
    uri = call.query.get("redirect_uri", "")
    if not accepted(client, uri, localhost=localhost):
        headline, words = unregistered
        raise Refusal(consent.error_page(call, headline, f"{uri or 'No redirect_uri'} {words}"))
    return client, uri


def scopes_of(call: Call) -> tuple[str, ...]:
    return tuple(dict.fromkeys(call.query.get("scope", "").split()))


def note_state(call: Call) -> None:
    if "state" not in call.query:
        call.note("no state: the answer cannot be told from a forged one")


def back_with(call: Call, uri: str, problem: str) -> Reply:
    """Back to the application, with OAuth's name for what is wrong."""
    call.error = problem
    return redirect(with_parameters(uri, error=problem, state=call.query.get("state")))


def decided(
    call: Call, uri: str, app: str, labels: list[str], agreed: Callable[[Account, set[str]], Reply]
) -> Reply:
    """The fan's answer: fields `fan` (any name), `decision` (agree or cancel), `withhold` (scopes left out)."""
    form = call.form()
    if form.get("decision") == "cancel":
        return back_with(call, uri, "access_denied")
    fan = consent.agreeing_fan(call, form, app, labels)
    return consent.remember(call, agreed(fan, consent.withheld(form)), fan.name)


def back_with_code(
    call: Call, client: Client, uri: str, fan: Account, *, scopes: frozenset[str], prefix: str
) -> Reply:
    """Back to the application with a code."""
    call.fan = fan
    grants = call.service.grants
    made = Code(fresh(prefix), client.id, uri, fan, scopes, call.now, call.query.get("code_challenge", ""))
    grants.new_code(made)
    grants.approve(client.id, fan, scopes)
    return redirect(with_parameters(uri, code=made.value, state=call.query.get("state")))


def traded(
    call: Call,
    grants: Grants,
    *,
    fields: set[str],
    missing: Refusal,
    unknown: Callable[[str], Refusal],
    headers: dict[str, str],
) -> Reply:
    """What the token endpoint gives. `missing` and `unknown`: how the service refuses a grant type that is so."""
    if call.content_type() != "application/x-www-form-urlencoded":
        call.note("the body must be application/x-www-form-urlencoded")
        raise missing
    form = call.form()
    for name in form.keys() - fields:
        call.note(f"form field {name} is not known here")
    kind = form.get("grant_type")
    if not kind:
        raise missing
    if kind not in grants:
        raise unknown(kind)
    return as_json(grants[kind](call, form), 200, dict(headers))


def basic_credentials(call: Call, refuse: Callable[[str, str], Refusal]) -> tuple[str | None, str | None]:
    """Id and secret from the Authorization header; None for both where there is none."""
    scheme, _, value = call.headers.get("authorization", "").partition(" ")
    if not scheme:
        return None, None
    try:
        text = base64.b64decode(value.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        text = ""
    if scheme.lower() != "basic" or ":" not in text:
        raise refuse("invalid_client", "Invalid client")
    client_id, _, secret = text.partition(":")
    return unquote(client_id), unquote(secret)


def known_client(
    call: Call, client_id: str | None, secret: str | None, refuse: Callable[[str, str], Refusal]
) -> tuple[Client, bool]:
    """The client, and whether it proved itself by its secret."""
    client = call.service.grants.clients.get(client_id or "")
    if client is None:
        raise refuse("invalid_client", "Invalid client")
    call.client_id = client.id
    if secret is None:
        return client, False
    if not hmac.compare_digest(secret.encode(), client.secret.encode()):
        raise refuse("invalid_client", "Invalid client secret")
    return client, True


def fits(verifier: str, challenge: str) -> bool:
    return 43 <= len(verifier) <= 128 and hmac.compare_digest(challenge_of(verifier), challenge)


def challenge_of(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def bearer(
    call: Call, approval: Approval, refresh: RefreshToken | None, *, lives: int, **more: Any
) -> dict[str, Any]:
    """The answer with a new access token."""
    access = call.service.grants.new_access(approval.client_id, approval, call.now)
    call.token = access
    answer = {
        "access_token": access.value,
        "token_type": "Bearer",
        "expires_in": lives,
        "scope": " ".join(sorted(access.scopes)),
        **more,
    }
    return answer | ({"refresh_token": refresh.value} if refresh else {})
