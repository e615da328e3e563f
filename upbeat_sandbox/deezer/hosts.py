"""The three hosts of Deezer that the sandbox stands in for, each as one function from call to reply."""

import re
from typing import Any

from upbeat_sandbox import listen
from upbeat_sandbox.call import Call, Refusal, Reply, as_json, as_text
from upbeat_sandbox.deezer import library, music, playlists, search
from upbeat_sandbox.deezer.answers import UNKNOWN_ROUTE, error
from upbeat_sandbox.deezer.connect import connect
from upbeat_sandbox.deezer.gate import check_quota, check_token, read_token
from upbeat_sandbox.deezer.table import table
from upbeat_sandbox.faults import Rule
from upbeat_sandbox.lint import check_shape
from upbeat_sandbox.routing import Route, placeholder_values

ROUTES = (library, music, playlists, search)  # their routes are what they are imported for
FAMILIES = {"album", "artist", "chart", "genre", "infos", "options", "playlist", "search", "track", "user"}
EVERYWHERE = frozenset({"access_token", "output", "callback", "version", "request_method", "lang"})


def recognise(call: Call) -> None:
    """Who is calling, before anything is decided: faults may ask."""
    if call.host == "api":
        read_token(call)
        return
    call.client_id = call.query.get("app_id", "")
    code = call.service.grants.codes.get(call.query.get("code", ""))
    call.fan = code.account if code else None


def answer(call: Call) -> Reply:
    return {"api": api_answer, "connect": connect_answer, "www": listen.page}[call.host](call)


def api_answer(call: Call) -> Reply:
    """What a handler returns or refuses, wrapped for JSONP where that is asked for."""
    try:
        reply = plain_answer(call)
    except Refusal as refusal:
        reply = refusal.reply
    callback = call.query.get("callback", "")
    if call.query.get("output") == "jsonp" and re.fullmatch(r"[\w.$]+", callback):
        return Reply(
            reply.status, callback.encode() + b"(" + reply.body + b")", "text/javascript; charset=utf-8"
        )
    return reply


def plain_answer(call: Call) -> Reply:
    matched = table.match(call.path)
    if matched is None:
        return unknown(call)
    routes, values = matched
    route = routes.get(call.query.get("request_method", call.method).upper())
    if route is None:
        return error(600, f"{call.method} does not work on {call.path}")
    call.path_values = placeholder_values(route, values)
    read_body(call, route)
    check_token(call)
    check_quota(call)
    return as_json(route.handler(call))


def unknown(call: Call) -> Reply:
    """A family that does not exist is a real 404 with a plain text inside; a wrong turn within one is error 600."""
    if call.path.strip("/").split("/")[0] in FAMILIES:
        return error(600, f"Unknown path components : {call.path}")
    return as_json(UNKNOWN_ROUTE, 404)


def read_body(call: Call, route: Route) -> None:
    """Parameters belong in the query; a form is taken as well, and noted."""
    for name in call.query.keys() - route.query - EVERYWHERE:
        call.note(f"query parameter {name} is not known here")
    if not call.body:
        return
    if call.content_type() == "application/x-www-form-urlencoded":
        call.note("parameters in the body; they belong in the query")
        call.query = call.form() | call.query
        if call.token is None:
            read_token(call)
    else:
        call.note("a body where none belongs")


def connect_answer(call: Call) -> Reply:
    matched = connect.match(call.path)
    route = matched[0].get(call.method) if matched else None
    if route is None:
        return Reply(404, b"Not found", "text/plain; charset=utf-8")
    check_shape(call, route)
    reply: Reply = route.handler(call)
    return reply


def fault_reply(call: Call, rule: Rule) -> Reply | None:
    """How this service says what the rule orders; None where the rule does not concern this host."""
    detail, message = rule.detail, rule.detail.get("message")
    codes: dict[str, Any] = {"rate_limit": 4, "unauthorized": 300, "forbidden": 200}
    if rule.kind == "invalid_grant":
        return as_text("wrong code") if call.path.endswith("access_token.php") else None
    if rule.kind == "deezer_error":
        return error(int(detail.get("code", 700)), message)
    if rule.kind in codes:
        return error(codes[rule.kind], message)
    if rule.kind == "error":
        return error(0, message, detail.get("status", 500))
    return None
