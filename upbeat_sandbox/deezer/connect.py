"""connect.deezer.com: the authorization page and the token, in the OAuth draft's old words."""

import hmac
from urllib.parse import urlencode

from upbeat_sandbox import consent
from upbeat_sandbox.call import Call, Refusal, Reply, as_json, as_text, redirect
from upbeat_sandbox.deezer.permissions import PERMISSIONS
from upbeat_sandbox.grants import Client, Code, fresh
from upbeat_sandbox.people import Account
from upbeat_sandbox.redirects import accepted, with_parameters
from upbeat_sandbox.routing import Table

connect = Table()
ASKED = "app_id redirect_uri perms state response_type"


def asked(call: Call) -> tuple[Client, str, list[str]]:
    """The application, the address to go back to and the permissions; a page of its own if those cannot be trusted."""
    query = call.query
    client = call.service.grants.clients.get(query.get("app_id", ""))
    if client is None:
        raise Refusal(consent.error_page(call, "Unknown application", "No application has this app_id."))
    call.client_id = client.id
    uri = query.get("redirect_uri", "")
    if not accepted(client, uri, localhost=True):
        explanation = f"{uri or 'No redirect_uri'} is not an address registered for this application."
        raise Refusal(consent.error_page(call, "Invalid redirect address", explanation))
    perms = [one.strip() for one in query.get("perms", "basic_access").split(",") if one.strip()]
    problem = "unsupported_response_type" if query.get("response_type", "code") != "code" else ""
    if not set(perms) <= PERMISSIONS.keys():
        problem = "invalid_perms"
    if problem:
        call.error = problem
        raise Refusal(redirect(with_parameters(uri, error_reason=problem, state=query.get("state"))))
    if "state" not in query:
        call.note("no state: the answer cannot be told from a forged one")
    return client, uri, list(dict.fromkeys(["basic_access", *perms]))


@connect.on("GET", "/oauth/auth.php", query=ASKED)
def authorize(call: Call) -> Reply:
    """The consent page; or straight back, if this fan has agreed to all of it before."""
    client, uri, perms = asked(call)
    fan = call.service.account_named(consent.remembered_fan(call))
    approval = call.service.grants.approval_of(client.id, fan) if fan else None
    if fan and approval and approval.scopes.issuperset(perms):
        return agreed(call, client, uri, perms, fan)
    return consent.page(call, client.name, [PERMISSIONS[one] for one in perms])


@connect.on("POST", "/oauth/auth.php", query=ASKED, body="form")
def decide(call: Call) -> Reply:
    """The fan's answer: fields `fan` (any name), `decision` (agree or cancel), `withhold` (permissions left out)."""
    client, uri, perms = asked(call)
    form = call.form()
    if form.get("decision") == "cancel":
        call.error = "user_denied"
        return redirect(with_parameters(uri, error_reason="user_denied", state=call.query.get("state")))
    fan = consent.agreeing_fan(call, form, client.name, [PERMISSIONS[one] for one in perms])
    withheld = consent.withheld(form)
    return consent.remember(
        call, agreed(call, client, uri, [one for one in perms if one not in withheld], fan), fan.name
    )


def agreed(call: Call, client: Client, uri: str, perms: list[str], fan: Account) -> Reply:
    call.fan = fan
    scopes = frozenset(perms) - set(call.service.switches["withhold_scopes"])
    code = call.service.grants.new_code(Code(fresh("fr"), client.id, uri, fan, scopes, call.now))
    call.service.grants.approve(client.id, fan, scopes)
    return redirect(with_parameters(uri, code=code.value, state=call.query.get("state")))


@connect.on("GET", "/oauth/access_token.php", query="app_id secret code output")
@connect.on("POST", "/oauth/access_token.php", query="app_id secret code output", body="form")
def access_token(call: Call) -> Reply:
    """Trades a code for a token: a form, or JSON with `output=json`. What is wrong is said in plain text, with 200."""
    given = call.form() | call.query if call.method == "POST" else call.query
    client = call.service.grants.clients.get(given.get("app_id", ""))
    if client is None or not hmac.compare_digest(given.get("secret", "").encode(), client.secret.encode()):
        call.error = "wrong app_id or secret"
        return as_text("wrong app_id or secret", media_type="text/html; charset=utf-8")
    call.client_id = client.id
    code = call.service.grants.codes.get(given.get("code", ""))
    if code is None or code.used or code.client_id != client.id or code.expired(call.now):
        if code and code.used:
            call.note("code used a second time")
        call.error = "wrong code"
        return as_text("wrong code", media_type="text/html; charset=utf-8")
    code.used = True
    return token_for(call, code, given.get("output", ""))


def token_for(call: Call, code: Code, output: str) -> Reply:
    """With offline_access a token that never expires (`expires=0`), else one for an hour; there is no refresh token."""
    approval = call.service.grants.approve(code.client_id, code.account, code.scopes)
    forever = "offline_access" in approval.scopes
    call.token = call.service.grants.new_access(code.client_id, approval, call.now)
    answer = {"access_token": call.token.value, "expires": 0 if forever else 3600}
    return (
        as_json(answer)
        if output == "json"
        else as_text(urlencode(answer), media_type="text/html; charset=utf-8")
    )
