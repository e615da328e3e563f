"""secure.soundcloud.com: the page on which a fan connects, `GET` and `POST /authorize`. PKCE is required."""

from upbeat_sandbox import consent, oauth2
from upbeat_sandbox.call import Call, Refusal, Reply
from upbeat_sandbox.grants import Client
from upbeat_sandbox.people import Account
from upbeat_sandbox.routing import Table

secure = Table()
ASKED = "client_id redirect_uri response_type code_challenge code_challenge_method state scope display"
ALLOWED = (
    "See your profile",
    "Like tracks and playlists, and follow people, for you",
    "Make and change playlists for you",
)


def asked(call: Call) -> tuple[Client, str]:
    """The application and the address to go back to; a page of its own if those cannot be trusted."""
    client, uri = oauth2.application(
        call,
        unknown=("This application is not known", "No application has this client_id."),
        unregistered=(
            "This address is not registered",
            "is not an address registered for this application.",
        ),
    )
    problem = request_problem(call.query)
    if problem:
        raise Refusal(oauth2.back_with(call, uri, problem))
    oauth2.note_state(call)
    return client, uri


def request_problem(query: dict[str, str]) -> str:
    """OAuth's name for what is wrong with the request, or nothing."""
    if query.get("response_type") != "code":
        return "unsupported_response_type" if query.get("response_type") else "invalid_request"
    if query.get("scope"):
        return "invalid_scope"
    fits = (
        oauth2.CHALLENGE.fullmatch(query.get("code_challenge", ""))
        and query.get("code_challenge_method") == "S256"
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
    return oauth2.decided(
        call, uri, client.name, list(ALLOWED), lambda fan, _: agreed(call, client, uri, fan)
    )


def agreed(call: Call, client: Client, uri: str, fan: Account) -> Reply:
    """Back to the application with a code."""
    return oauth2.back_with_code(call, client, uri, fan, scopes=frozenset(), prefix="1-")
