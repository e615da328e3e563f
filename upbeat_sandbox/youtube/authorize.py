"""accounts.google.com: the authorization page, `GET` and `POST /o/oauth2/v2/auth`."""

import re
from dataclasses import dataclass

from upbeat_sandbox import consent, oauth2
from upbeat_sandbox.call import Call, Refusal, Reply, redirect
from upbeat_sandbox.grants import Client, Code, fresh
from upbeat_sandbox.people import Account
from upbeat_sandbox.redirects import with_parameters
from upbeat_sandbox.routing import Table
from upbeat_sandbox.youtube.scopes import SCOPES, SHORT

accounts = Table()
PATH = "/o/oauth2/v2/auth"
ASKED = (
    "client_id redirect_uri response_type scope access_type state include_granted_scopes enable_granular_consent "
    "login_hint prompt hd nonce code_challenge code_challenge_method"
)
CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{43,128}")
PROMPTS = {"none", "consent", "select_account"}


@dataclass(frozen=True, slots=True)
class Asked:
    """An authorization request that may be answered by a redirect."""

    client: Client
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None
    challenge: str
    method: str
    offline: bool
    adds_up: bool
    prompt: frozenset[str]


def asked(call: Call) -> Asked:
    """Reads the request. What is wrong with it is said on a page of Google's own, never by a redirect."""
    query = call.query
    client, uri = oauth2.application(
        call,
        unknown=("Error 401: invalid_client", "The OAuth client was not found."),
        unregistered=(
            "Error 400: redirect_uri_mismatch",
            "is not registered for this client. It must match letter for letter.",
        ),
    )
    scopes = oauth2.scopes_of(call)
    problem = request_problem(query, scopes)
    if problem:
        raise Refusal(consent.error_page(call, f"Error 400: {problem[0]}", problem[1]))
    oauth2.note_state(call)
    return Asked(
        client=client,
        redirect_uri=uri,
        scopes=tuple(SHORT.get(one, one) for one in scopes),
        state=query.get("state"),
        challenge=query.get("code_challenge", ""),
        method=query.get("code_challenge_method", "plain"),
        offline=query.get("access_type", "online") == "offline",
        adds_up=query.get("include_granted_scopes", "false").lower() == "true",
        prompt=frozenset(query.get("prompt", "").split()),
    )


def request_problem(query: dict[str, str], scopes: tuple[str, ...]) -> tuple[str, str] | None:
    """Google's name for what is wrong with the request, and its words; None if nothing is."""
    kind, access = query.get("response_type", ""), query.get("access_type", "online")
    if kind != "code":
        said = f"Invalid response_type: {kind}" if kind else "Required parameter is missing: response_type"
        return ("unsupported_response_type" if kind else "invalid_request", said)
    unknown = [one for one in scopes if one not in SCOPES]
    if unknown:
        return "invalid_scope", f"Some requested scopes were invalid: {', '.join(unknown)}"
    prompt, method = set(query.get("prompt", "").split()), query.get("code_challenge_method", "plain")
    wrong = {
        "Missing required parameter: scope": not scopes,
        f"Invalid access_type: {access}": access not in ("online", "offline"),
        f"Invalid parameter value for prompt: {query.get('prompt')}": not prompt <= PROMPTS
        or ("none" in prompt and len(prompt) > 1),
        f"Invalid code_challenge_method: {method}": method not in ("S256", "plain"),
        "Invalid code_challenge.": not CHALLENGE.fullmatch(query.get("code_challenge", "x" * 43)),
    }
    return next((("invalid_request", words) for words, is_so in wrong.items() if is_so), None)


@accounts.on("GET", PATH, query=ASKED)
@accounts.on("GET", "/o/oauth2/auth", query=ASKED)
def authorize(call: Call) -> Reply:
    """The consent page; or straight back, if this fan has agreed to all of it before and no page is wanted."""
    wanted = asked(call)
    fan = call.service.account_named(consent.remembered_fan(call))
    approval = call.service.grants.approval_of(wanted.client.id, fan) if fan else None
    known = fan is not None and approval is not None and approval.scopes.issuperset(wanted.scopes)
    if fan is not None and known and wanted.prompt <= {"none"}:
        return agreed(call, wanted, fan, withheld=set(), first=False)
    if "none" in wanted.prompt:
        problem = "consent_required" if fan else "login_required"
        return oauth2.back_with(call, wanted.redirect_uri, problem)
    return consent.page(call, wanted.client.name, labels(wanted))


@accounts.on("POST", PATH, query=ASKED, body="form")
@accounts.on("POST", "/o/oauth2/auth", query=ASKED, body="form")
def decide(call: Call) -> Reply:
    """The fan's answer: fields `fan` (any name), `decision` (agree or cancel), `withhold` (scopes left out)."""
    wanted = asked(call)
    return oauth2.decided(
        call,
        wanted.redirect_uri,
        wanted.client.name,
        labels(wanted),
        lambda fan, withheld: agreed(call, wanted, fan, withheld, first=True),
    )


def labels(wanted: Asked) -> list[str]:
    return [SCOPES[scope] for scope in wanted.scopes]


def agreed(call: Call, wanted: Asked, fan: Account, withheld: set[str], *, first: bool) -> Reply:
    """Back to the application with a code. `first`: the page was shown, so offline access brings a refresh token."""
    call.fan = fan
    grants = call.service.grants
    scopes = frozenset(wanted.scopes) - withheld - set(call.service.switches["withhold_scopes"])
    before = grants.approval_of(wanted.client.id, fan)
    if wanted.adds_up and before is not None:
        scopes |= before.scopes
    value = "4/0A" + fresh("")
    code = Code(value, wanted.client.id, wanted.redirect_uri, fan, scopes, call.now, wanted.challenge)
    code.offline, code.method = wanted.offline and first, wanted.method
    grants.new_code(code)
    grants.approve(wanted.client.id, fan, scopes)
    told = {
        "code": value,
        "scope": " ".join(sorted(scopes)),
        "authuser": "0",
        "prompt": "consent" if first else "none",
    }
    return redirect(with_parameters(wanted.redirect_uri, state=wanted.state, **told))
