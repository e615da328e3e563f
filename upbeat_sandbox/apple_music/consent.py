"""authorize.music.apple.com: the window MusicKit opens. It tells the page that opened it what the fan decided."""

import binascii
import json
from base64 import b64decode
from urllib.parse import urlsplit

from upbeat_sandbox import consent
from upbeat_sandbox.apple_music.facts import FACTS
from upbeat_sandbox.apple_music.keys import owner
from upbeat_sandbox.call import Call, Refusal, Reply, as_html
from upbeat_sandbox.grants import AccessToken, Client, fresh
from upbeat_sandbox.lint import check_shape
from upbeat_sandbox.people import Account
from upbeat_sandbox.routing import Table

table = Table()
ASKED = "a referrer app p"
SAID = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Apple Music (sandbox)</title>
<p>You may close this window.</p>
<script>
  if (window.opener) window.opener.postMessage({said}, {origin});
  window.close();
</script>
"""


def window(call: Call) -> Reply:
    matched = table.match(call.path)
    route = matched[0].get(call.method) if matched else None
    if route is None:
        return Reply(404, b"Not found", "text/plain; charset=utf-8")
    check_shape(call, route)
    reply: Reply = route.handler(call)
    return reply


def asked(call: Call) -> tuple[Client, str, str]:
    """Whose developer token opened the window, under what name, and the origin of the page; else a page that says why
    not."""
    parts = urlsplit(call.query.get("referrer", ""))
    origin = f"{parts.scheme}://{parts.netloc}"
    try:
        said = json.loads(b64decode(call.query.get("a", ""), validate=True))
        token, name = str(said["thirdPartyToken"]), str(said.get("thirdPartyName") or "This site")
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise Refusal(
            consent.error_page(call, "Unknown request", "Open this window with MusicKit.")
        ) from None
    known = owner(call.service.grants, token, origin)
    if not isinstance(known, Client):
        call.note(f"developer token: {known}")
        raise Refusal(
            consent.error_page(call, "Unknown developer", f"The developer token is not valid: {known}.")
        )
    call.client_id = known.id
    return known, name, origin


@table.on("GET", "/woa", query=ASKED)
def ask(call: Call) -> Reply:
    _, name, _ = asked(call)
    return consent.page(call, name, list(FACTS.scopes.values()))


@table.on("POST", "/woa", query=ASKED, body="form")
def decide(call: Call) -> Reply:
    """The fan's answer: fields `fan` (any name) and `decision` (agree or cancel)."""
    client, name, origin = asked(call)
    form = call.form()
    if form.get("decision") == "cancel":
        call.error = "declined"
        return _tell({"method": "decline"}, origin)
    fan = consent.agreeing_fan(call, form, name, list(FACTS.scopes.values()))
    call.fan = fan
    token = user_token(call, client, fan)
    reply = _tell({"method": "authorize", "params": [token.value]}, origin)
    return consent.remember(call, reply, fan.name)


def user_token(call: Call, client: Client, fan: Account) -> AccessToken:
    """The one this fan has with this team, while it lives; a new one else, or if the switch says so."""
    grants = call.service.grants
    approval = grants.approve(client.id, fan, frozenset(FACTS.scopes))
    if not call.service.switches["token_each_time"]:
        for token in grants.access.values():
            ends = token.expires_at
            if token.approval is approval and (ends is None or ends > call.now):
                return token
    made = grants.new_access(client.id, approval, call.now)
    del grants.access[made.value]
    made.value = fresh("0.A")
    grants.access[made.value] = made
    return made


def _tell(said: dict[str, object], origin: str) -> Reply:
    """To the page's own origin and nobody else."""
    message = json.dumps({"musickit": "sandbox", **said}).replace("<", "\\u003c")
    target = json.dumps(origin).replace("<", "\\u003c")
    return as_html(SAID.replace("{said}", message).replace("{origin}", target))
