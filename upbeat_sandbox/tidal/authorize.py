"""login.tidal.com: the authorization page, `GET` and `POST /authorize`."""

import re
from dataclasses import dataclass

from upbeat_sandbox import consent
from upbeat_sandbox.call import Call, Refusal, Reply, redirect
from upbeat_sandbox.grants import Client, Code, fresh
from upbeat_sandbox.people import Account
from upbeat_sandbox.redirects import accepted, with_parameters
from upbeat_sandbox.routing import Table
from upbeat_sandbox.tidal.scopes import INTERNAL, SCOPES
from upbeat_sandbox.world import give_starter_playlists

login = Table()
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
ASKED = "client_id response_type redirect_uri scope state code_challenge code_challenge_method lang email"


@dataclass(frozen=True, slots=True)
class Asked:
    """An authorization request that may be answered by a redirect."""

    client: Client
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None
    challenge: str


def asked(call: Call) -> Asked:
    """Reads the request; what is wrong with it goes to the fan or back to the application, as it should."""
    query = call.query
    client = call.service.grants.clients.get(query.get("client_id", ""))
    if client is None:
        raise Refusal(consent.error_page(call, "Oops! Error 1002", "No application has this client_id."))
    call.client_id = client.id
    uri = query.get("redirect_uri", "")
    if not accepted(client, uri, localhost=True):
        words = (
            f"{uri or 'No redirect_uri'} is not registered for this application. It must match letter for letter; "
            "with nothing registered, any http://127.0.0.1, http://localhost or http://[::1] address is accepted."
        )
        raise Refusal(consent.error_page(call, "Oops! Error 1002", words))
    scopes = tuple(dict.fromkeys(query.get("scope", "").split()))
    unknown = [one for one in scopes if one not in SCOPES]
    if unknown:
        own = " It is for TIDAL's own applications." if unknown[0] in INTERNAL else ""
        call.note(f"scope {unknown[0]} is not for third parties")
        raise Refusal(
            consent.error_page(call, "Oops! Error 1002", f"The scope {unknown[0]} is not granted here.{own}")
        )
    problem = request_problem(query)
    if problem:
        call.error = problem
        raise Refusal(redirect(with_parameters(uri, error=problem, state=query.get("state"))))
    if "state" not in query:
        call.note("no state: the answer cannot be told from a forged one")
    return Asked(client, uri, scopes, query.get("state"), query["code_challenge"])


def request_problem(query: dict[str, str]) -> str:
    """OAuth's name for what is wrong with the request, or nothing. OAuth 2.1: no code without a challenge."""
    if query.get("response_type") != "code":
        return "unsupported_response_type" if query.get("response_type") else "invalid_request"
    fits = query.get("code_challenge_method") == "S256" and CHALLENGE.fullmatch(
        query.get("code_challenge", "")
    )
    return "" if fits else "invalid_request"


@login.on("GET", "/authorize", query=ASKED)
def authorize(call: Call) -> Reply:
    """The consent page; or straight back, if this fan has agreed to all of it before."""
    wanted = asked(call)
    fan = call.service.account_named(consent.remembered_fan(call))
    approval = call.service.grants.approval_of(wanted.client.id, fan) if fan else None
    if fan and approval and approval.scopes.issuperset(wanted.scopes):
        return agreed(call, wanted, fan, withheld=set())
    return consent.page(call, wanted.client.name, [SCOPES[scope] for scope in wanted.scopes])


@login.on("POST", "/authorize", query=ASKED, body="form")
def decide(call: Call) -> Reply:
    """The fan's answer: fields `fan` (any name), `decision` (agree or cancel), `withhold` (scopes left out)."""
    wanted, form = asked(call), call.form()
    if form.get("decision") == "cancel":
        call.error = "access_denied"
        return redirect(with_parameters(wanted.redirect_uri, error="access_denied", state=wanted.state))
    name = form.get("fan", "").strip()
    if form.get("decision") != "agree" or not name or len(name) > 80:
        labels = [SCOPES[scope] for scope in wanted.scopes]
        words = "Type a name for your account, then agree or cancel."
        return consent.page(call, wanted.client.name, labels, words)
    fan = call.service.account_named(name)
    if fan is None:
        fan = call.service.open_account(name, call.now)
        give_starter_playlists(call.world, call.service, fan)
    reply = agreed(call, wanted, fan, set(form.get("withhold", "").replace(",", " ").split()))
    return consent.remember(call, reply, fan.name)


def agreed(call: Call, wanted: Asked, fan: Account, withheld: set[str]) -> Reply:
    """Back to the application with a code."""
    call.fan = fan
    scopes = frozenset(wanted.scopes) - withheld - set(call.service.switches["withhold_scopes"])
    code = Code(fresh("ey"), wanted.client.id, wanted.redirect_uri, fan, scopes, call.now, wanted.challenge)
    call.service.grants.new_code(code)
    call.service.grants.approve(wanted.client.id, fan, scopes)
    return redirect(with_parameters(wanted.redirect_uri, code=code.value, state=wanted.state))
