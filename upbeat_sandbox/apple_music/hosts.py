"""The hosts of Apple that the sandbox stands in for, each as one function from call to reply."""

from typing import Any

from upbeat_sandbox import listen
from upbeat_sandbox.apple_music import itunes, library, music, playlists
from upbeat_sandbox.apple_music.answers import TITLES, error
from upbeat_sandbox.apple_music.consent import window
from upbeat_sandbox.apple_music.gate import check_developer, check_limit, check_user, recognise_tokens
from upbeat_sandbox.apple_music.script import file
from upbeat_sandbox.apple_music.table import table
from upbeat_sandbox.call import Call, Refusal, Reply, as_json
from upbeat_sandbox.faults import Rule
from upbeat_sandbox.lint import check_shape
from upbeat_sandbox.routing import placeholder_values

ROUTES = (library, music, playlists)  # their routes are what they are imported for
FAULT_CODES = {500: "50001", 503: "50300", 504: "50400", 429: "42900"}
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Authorization, Music-User-Token, Content-Type",
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS",
    "Access-Control-Max-Age": "600",
}


def recognise(call: Call) -> None:
    """Who is calling, before anything is decided: faults may ask."""
    if call.host == "api":
        recognise_tokens(call)


def answer(call: Call) -> Reply:
    hosts = {"api": api_answer, "authorize": window, "js-cdn": file, "www": page, "itunes": itunes.answer}
    return hosts[call.host](call)


def api_answer(call: Call) -> Reply:
    """What a handler returns or refuses. Browsers call this host from other sites, so all of it may be read there."""
    try:
        reply = Reply(204) if call.method == "OPTIONS" else plain_answer(call)
    except Refusal as refusal:
        reply = refusal.reply
    reply.headers |= CORS
    return reply


def plain_answer(call: Call) -> Reply:
    matched = table.match(call.path)
    check_developer(call)
    check_limit(call)
    if matched is None:
        return error(404, "40400", "No such path")
    routes, values = matched
    route = routes.get(call.method)
    if route is None:
        reply = error(405, "40500", "This method is not known here")
        reply.headers["Allow"] = ", ".join(sorted(routes))
        return reply
    call.path_values = placeholder_values(route, values)
    check_shape(call, route)
    if route.user:
        check_user(call)
    result: Any = route.handler(call)
    return result if isinstance(result, Reply) else as_json(result)


def page(call: Call) -> Reply:
    """A public page: /us/album/some-words/1 is the album 1."""
    parts = [part for part in call.path.split("/") if part]
    if len(parts) >= 3:
        call.path = f"/{'track' if parts[1] == 'song' else parts[1]}/{parts[-1]}"
    return listen.page(call)


def fault_reply(call: Call, rule: Rule) -> Reply | None:
    """How this service says what the rule orders; None where the rule does not concern this host."""
    if call.host == "itunes" and rule.kind == "rate_limit":
        return Reply(403, b"", "text/html; charset=utf-8")
    if call.host != "api":
        return None
    reply = _said(call, rule)
    if reply is not None:
        reply.headers |= CORS
    return reply


def _said(call: Call, rule: Rule) -> Reply | None:
    detail, message = rule.detail, rule.detail.get("message", "")
    if rule.kind == "invalid_grant":
        is_fans = call.path.startswith("/v1/me") or call.path.endswith("/library")
        return error(403, "40300", message or "Invalid authentication") if is_fans else None
    if rule.kind == "rate_limit":
        reply = error(429, "42900", message or "The user has made too many requests")
        if "retry_after" in detail:
            reply.headers["Retry-After"] = str(int(detail["retry_after"]))
        return reply
    if rule.kind == "unauthorized":
        return error(401, "40102", message or "The user has no valid Apple Music subscription")
    if rule.kind == "forbidden":
        return error(403, "40301", message or "Media & Apple Music privacy terms have not been accepted")
    if rule.kind == "error":
        status = detail.get("status", 500)
        code = FAULT_CODES.get(status, f"{status}00")
        return error(status, code, message or TITLES.get(status, "Something went wrong"))
    return None
