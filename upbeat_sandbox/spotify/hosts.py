"""The three hosts of Spotify that the sandbox stands in for, each as one function from call to reply."""

from typing import Any

from upbeat_sandbox import listen
from upbeat_sandbox.call import Call, Reply, as_json
from upbeat_sandbox.faults import Rule
from upbeat_sandbox.lint import check_shape
from upbeat_sandbox.routing import placeholder_values
from upbeat_sandbox.spotify import (
    collection,
    elsewhere,
    library,
    music,
    people,
    playlist_items,
    playlists,
    search,
    tokens,
)
from upbeat_sandbox.spotify.answers import error
from upbeat_sandbox.spotify.authorize import accounts
from upbeat_sandbox.spotify.gate import (
    check_limit,
    check_permission,
    check_token,
    not_registered,
    read_token,
    too_many,
    unauthorized,
)
from upbeat_sandbox.spotify.table import table
from upbeat_sandbox.spotify.tokens import flat_error

# Their routes are what they are imported for.
ROUTES = (collection, elsewhere, library, music, people, playlist_items, playlists, search, tokens)


def recognise(call: Call) -> None:
    """Who is calling, before anything is decided: faults may ask."""
    if call.host == "api":
        read_token(call)
    elif call.path == "/api/token" and call.method == "POST":
        held = call.service.grants.refresh.get(call.form().get("refresh_token", ""))
        code = call.service.grants.codes.get(call.form().get("code", ""))
        call.fan = held.approval.account if held else code.account if code else None
        call.client_id = held.approval.client_id if held else code.client_id if code else ""
    else:
        call.client_id = call.query.get("client_id", "")


def answer(call: Call) -> Reply:
    return {"api": api_answer, "accounts": accounts_answer, "open": open_answer}[call.host](call)


def api_answer(call: Call) -> Reply:
    matched = table.match(call.path)
    if matched is None:
        return error(404, "Service not found")
    routes, values = matched
    route = routes.get(call.method)
    if route is None:
        return error(405, "Method not allowed", headers={"Allow": ", ".join(sorted(routes))})
    call.path_values = placeholder_values(route, values)
    check_shape(call, route)
    check_token(call)
    check_limit(call)
    check_permission(call, route)
    return reply_of(route.handler(call))


def reply_of(result: Any) -> Reply:
    return result if isinstance(result, Reply) else as_json(result)


def accounts_answer(call: Call) -> Reply:
    matched = accounts.match(call.path)
    if matched is None:
        return Reply(404, b"Not found", "text/plain; charset=utf-8")
    routes, _ = matched
    route = routes.get(call.method)
    if route is None:
        return Reply(
            405, b"Method not allowed", "text/plain; charset=utf-8", {"Allow": ", ".join(sorted(routes))}
        )
    check_shape(call, route)
    return reply_of(route.handler(call))


def open_answer(call: Call) -> Reply:
    return listen.page(call)


def fault_reply(call: Call, rule: Rule) -> Reply | None:
    """How this service says what the rule orders; None where the rule does not concern this host."""
    detail, message = rule.detail, rule.detail.get("message")
    at_token = call.path == "/api/token"
    if rule.kind == "invalid_grant":
        return flat_error("invalid_grant", message or "Refresh token revoked") if at_token else None
    if rule.kind == "error":
        status, words = detail.get("status", 500), message or "Server error."
        return flat_error("server_error", words, status) if at_token else error(status, words)
    if rule.kind == "rate_limit":
        return too_many(detail.get("retry_after", 5), detail.get("body", "json"), detail.get("reason", ""))
    if rule.kind == "unauthorized":
        return unauthorized(message or "Access token missing")
    if rule.kind != "forbidden":
        return None
    return error(403, message) if message else not_registered(detail.get("body", "json"))
