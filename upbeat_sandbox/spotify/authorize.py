"""accounts.spotify.com: the authorization page, `GET` and `POST /authorize`."""

from dataclasses import dataclass

from upbeat_sandbox import consent, oauth2
from upbeat_sandbox.call import Call, Refusal, Reply
from upbeat_sandbox.grants import Client
from upbeat_sandbox.people import Account
from upbeat_sandbox.routing import Table
from upbeat_sandbox.spotify.scopes import SCOPES

accounts = Table()
ASKED = "client_id response_type redirect_uri scope state show_dialog code_challenge code_challenge_method"


@dataclass(frozen=True, slots=True)
class Asked:
    """An authorization request that may be answered by a redirect."""

    client: Client
    redirect_uri: str
    scopes: tuple[str, ...]
    show_dialog: bool


def asked(call: Call) -> Asked:
    """Reads the request; what is wrong with it goes to the fan or back to the application, as it should."""
    query = call.query
    client, uri = oauth2.application(
        call,
        unknown=("INVALID_CLIENT: Invalid client", "No application has this client_id."),
        unregistered=(
            "INVALID_CLIENT: Invalid redirect URI",
            (
                "is not registered for this application. It must match letter for letter; "
                "with nothing registered, any http://127.0.0.1 or http://[::1] address is accepted (localhost is not)."
            ),
        ),
        localhost=False,
    )
    scopes = oauth2.scopes_of(call)
    problem = request_problem(query, scopes)
    if problem:
        raise Refusal(oauth2.back_with(call, uri, problem))
    show = query.get("show_dialog", "false").lower() == "true"
    oauth2.note_state(call)
    return Asked(client, uri, scopes, show)


def request_problem(query: dict[str, str], scopes: tuple[str, ...]) -> str:
    """OAuth's name for what is wrong with the request, or nothing."""
    if query.get("response_type") != "code":
        return "unsupported_response_type" if query.get("response_type") else "invalid_request"
    if not set(scopes) <= SCOPES.keys():
        return "invalid_scope"
    challenge, method = query.get("code_challenge"), query.get("code_challenge_method")
    if challenge is None and method is None:
        return ""
    fits = challenge is not None and method == "S256" and oauth2.CHALLENGE.fullmatch(challenge)
    return "" if fits else "invalid_request"


@accounts.on("GET", "/authorize", query=ASKED)
def authorize(call: Call) -> Reply:
    """The consent page; or straight back, if this fan has agreed to all of it before and no dialog is wanted."""
    wanted = asked(call)
    fan = call.service.account_named(consent.remembered_fan(call)) if not wanted.show_dialog else None
    approval = call.service.grants.approval_of(wanted.client.id, fan) if fan else None
    if fan and approval and approval.scopes.issuperset(wanted.scopes):
        return agreed(call, wanted, fan, withheld=set())
    return consent.page(call, wanted.client.name, labels(wanted))


@accounts.on("POST", "/authorize", query=ASKED, body="form")
def decide(call: Call) -> Reply:
    """The fan's answer: fields `fan` (any name), `decision` (agree or cancel), `withhold` (scopes left out)."""
    wanted = asked(call)
    return oauth2.decided(
        call,
        wanted.redirect_uri,
        wanted.client.name,
        labels(wanted),
        lambda fan, withheld: agreed(call, wanted, fan, withheld),
    )


def labels(wanted: Asked) -> list[str]:
    return [SCOPES[scope] for scope in wanted.scopes]


def agreed(call: Call, wanted: Asked, fan: Account, withheld: set[str]) -> Reply:
    """Back to the application with a code."""
    scopes = frozenset(wanted.scopes) - withheld - set(call.service.switches["withhold_scopes"])
    return oauth2.back_with_code(call, wanted.client, wanted.redirect_uri, fan, scopes=scopes, prefix="AQC")
