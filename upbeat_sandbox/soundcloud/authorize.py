"""secure.soundcloud.com: the page on which a fan connects, `GET` and `POST /authorize`. PKCE is required."""

import re

from upbeat_sandbox import consent
from upbeat_sandbox.call import Call, Refusal, Reply, redirect
from upbeat_sandbox.grants import Client, Code, fresh
from upbeat_sandbox.people import Account
from upbeat_sandbox.redirects import accepted, with_parameters
from upbeat_sandbox.routing import Table
from upbeat_sandbox.world import give_starter_playlists

secure = Table()
ASKED = "client_id redirect_uri response_type code_challenge code_challenge_method state scope display"
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
ALLOWED = (
    "See your profile",
    "Like tracks and playlists, and follow people, for you",
    "Make and change playlists for you",
)


def asked(call: Call) -> tuple[Client, str]:
    """The application and the address to go back to; a page of its own if those cannot be trusted."""
    client = call.service.grants.clients.get(call.query.get("client_id", ""))
    if client is None:
        words = "No application has this client_id."
        raise Refusal(consent.error_page(call, "This application is not known", words))
    call.client_id = client.id
    uri = call.query.get("redirect_uri", "")
    if not accepted(client, uri, localhost=True):
        words = f"{uri or 'No redirect_uri'} is not an address registered for this application."
        raise Refusal(consent.error_page(call, "This address is not registered", words))
    problem = request_problem(call.query)
    if problem:
        call.error = problem
        raise Refusal(redirect(with_parameters(uri, error=problem, state=call.query.get("state"))))
    if "state" not in call.query:
        call.note("no state: the answer cannot be told from a forged one")
    return client, uri


def request_problem(query: dict[str, str]) -> str:
    """OAuth's name for what is wrong with the request, or nothing."""
    if query.get("response_type") != "code":
        return "unsupported_response_type" if query.get("response_type") else "invalid_request"
    if query.get("scope"):
        return "invalid_scope"
    fits = (
        CHALLENGE.fullmatch(query.get("code_challenge", "")) and query.get("code_challenge_method") == "S256"
    )
    return "" if fits else "invalid_request"


@secure.on("GET", "/authorize", query=ASKED)
def authorize(call: Call) -> Reply:
    """The consent page; or straight back, if this fan has agreed before."""
    client, uri = asked(call)
    fan = call.service.account_named(consent.remembered_fan(call))
    if fan is not None and call.service.grants.approval_of(client.id, fan):
        return agreed(call, client, uri, fan)
    return consent.page(call, client.name, list(ALLOWED))


@secure.on("POST", "/authorize", query=ASKED, body="form")
def decide(call: Call) -> Reply:
    """The fan's answer: fields `fan` (any name) and `decision` (agree or cancel)."""
    client, uri = asked(call)
    form = call.form()
    if form.get("decision") == "cancel":
        call.error = "access_denied"
        return redirect(with_parameters(uri, error="access_denied", state=call.query.get("state")))
    name = form.get("fan", "").strip()
    if form.get("decision") != "agree" or not name or len(name) > 80:
        problem = "Type a name for your account, then agree or cancel."
        return consent.page(call, client.name, list(ALLOWED), problem)
    fan = call.service.account_named(name)
    if fan is None:
        fan = call.service.open_account(name, call.now)
        give_starter_playlists(call.world, call.service, fan)
    return consent.remember(call, agreed(call, client, uri, fan), fan.name)


def agreed(call: Call, client: Client, uri: str, fan: Account) -> Reply:
    """Back to the application with a code."""
    call.fan = fan
    made = Code(fresh("1-"), client.id, uri, fan, frozenset(), call.now, call.query["code_challenge"])
    code = call.service.grants.new_code(made)
    call.service.grants.approve(client.id, fan, frozenset())
    return redirect(with_parameters(uri, code=code.value, state=call.query.get("state")))
