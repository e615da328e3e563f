"""login.tidal.com: the authorization page, `GET` and `POST /authorize`."""

from dataclasses import dataclass

from upbeat_sandbox import consent, oauth2
from upbeat_sandbox.call import Call, Refusal, Reply
from upbeat_sandbox.grants import Client
from upbeat_sandbox.people import Account
from upbeat_sandbox.routing import Table
from upbeat_sandbox.tidal.scopes import INTERNAL, SCOPES

login = Table()
ASKED = "client_id response_type redirect_uri scope state code_challenge code_challenge_method lang email"


@dataclass(frozen=True, slots=True)
class Asked:
    """An authorization request that may be answered by a redirect."""

    client: Client
    redirect_uri: str
    scopes: tuple[str, ...]


def asked(call: Call) -> Asked:
    """Reads the request; what is wrong with it goes to the fan or back to the application, as it should."""
    client, uri = oauth2.application(
        call,
        unknown=("Oops! Error 1002", "No application has this client_id."),
        unregistered=(
            "Oops! Error 1002",
            (
                "is not registered for this application. It must match letter for letter; "
                "with nothing registered, any http://127.0.0.1, http://localhost or http://[::1] address is accepted."
            ),
        ),
    )
    scopes = oauth2.scopes_of(call)
    unknown = [one for one in scopes if one not in SCOPES]
    if unknown:
        own = " It is for TIDAL's own applications." if unknown[0] in INTERNAL else ""
        call.note(f"scope {unknown[0]} is not for third parties")
        raise Refusal(
            consent.error_page(call, "Oops! Error 1002", f"The scope {unknown[0]} is not granted here.{own}")
        )
    problem = request_problem(call.query)
    if problem:
        raise Refusal(oauth2.back_with(call, uri, problem))
    oauth2.note_state(call)
    return Asked(client, uri, scopes)


def request_problem(query: dict[str, str]) -> str:
    """OAuth's name for what is wrong with the request, or nothing. OAuth 2.1: no code without a challenge."""
    if query.get("response_type") != "code":
        return "unsupported_response_type" if query.get("response_type") else "invalid_request"
    fits = query.get("code_challenge_method") == "S256" and oauth2.CHALLENGE.fullmatch(
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
    return consent.page(call, wanted.client.name, labels(wanted))


@login.on("POST", "/authorize", query=ASKED, body="form")
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
    return oauth2.back_with_code(call, wanted.client, wanted.redirect_uri, fan, scopes=scopes, prefix="ey")
