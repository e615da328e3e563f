"""The three hosts of SoundCloud that the sandbox stands in for, each as one function from call to reply."""

from upbeat_sandbox import listen
from upbeat_sandbox.call import Call, Reply, as_json
from upbeat_sandbox.faults import Rule
from upbeat_sandbox.lint import check_shape
from upbeat_sandbox.routing import placeholder_values
from upbeat_sandbox.soundcloud import elsewhere, likes, music, playlists, tokens
from upbeat_sandbox.soundcloud.answers import error, too_many
from upbeat_sandbox.soundcloud.authorize import secure
from upbeat_sandbox.soundcloud.gate import check, read_token
from upbeat_sandbox.soundcloud.permalinks import thing_at
from upbeat_sandbox.soundcloud.table import table
from upbeat_sandbox.soundcloud.tokens import token_error

ROUTES = (elsewhere, likes, music, playlists, tokens)  # their routes are what they are imported for
EXCHANGE = "/oauth/token"


def recognise(call: Call) -> None:
    """Who is calling, before anything is decided: faults may ask."""
    if call.host == "api":
        read_token(call)
    elif call.path == EXCHANGE and call.method == "POST":
        form = call.form()
        held = call.service.grants.refresh.get(form.get("refresh_token", ""))
        code = call.service.grants.codes.get(form.get("code", ""))
        call.fan = held.approval.account if held else code.account if code else None
        call.client_id = form.get("client_id", "")
    else:
        call.client_id = call.query.get("client_id", "")


def answer(call: Call) -> Reply:
    return {"api": api_answer, "secure": secure_answer, "www": site_answer}[call.host](call)


def api_answer(call: Call) -> Reply:
    matched = table.match(call.path)
    if matched is None:
        return error(404, "404 - Not Found")
    routes, values = matched
    route = routes.get(call.method)
    if route is None:
        return error(405)
    call.path_values = placeholder_values(route, values)
    check_shape(call, route)
    check(call, route)
    result = route.handler(call)
    return result if isinstance(result, Reply) else as_json(result)


def secure_answer(call: Call) -> Reply:
    matched = secure.match(call.path)
    route = matched[0].get(call.method) if matched else None
    if route is None:
        return Reply(404, b"Not found", "text/plain; charset=utf-8")
    check_shape(call, route)
    reply: Reply = route.handler(call)
    return reply


def site_answer(call: Call) -> Reply:
    """A page of the site, by its permalink or (from the front page) by kind and URN."""
    item = thing_at(call.world, call.path)
    return (
        listen.page(call) if item is None else listen.page_of(call, item if music.shown(call, item) else None)
    )


def fault_reply(call: Call, rule: Rule) -> Reply | None:
    """How this service says what the rule orders; None where the rule does not concern this host."""
    detail, message = rule.detail, rule.detail.get("message")
    at_token = call.host == "secure" and call.path == EXCHANGE
    if rule.kind == "invalid_grant":
        return token_error(400, "invalid_grant") if at_token else None
    if rule.kind == "error":
        return error(detail.get("status", 500), message or "")
    if rule.kind == "rate_limit":
        if at_token:
            return token_error(429, "rate_limit_exceeded")
        return too_many(call, detail.get("retry_after", 5), spam=detail.get("reason") == "spam")
    if rule.kind == "unauthorized":
        return error(401, message or "invalid_token")
    return error(403, message or "") if rule.kind == "forbidden" else None
