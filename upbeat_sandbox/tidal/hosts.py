"""The hosts of TIDAL that the sandbox stands in for, each as one function from call to reply."""

from typing import Any

from upbeat_sandbox import listen
from upbeat_sandbox.call import Call, Refusal, Reply
from upbeat_sandbox.faults import Rule
from upbeat_sandbox.lint import check_shape
from upbeat_sandbox.routing import Route, Table, placeholder_values
from upbeat_sandbox.tidal import collection, idempotency, music, people, playlists
from upbeat_sandbox.tidal.authorize import login
from upbeat_sandbox.tidal.documents import error
from upbeat_sandbox.tidal.gate import (
    check_limit,
    check_media_types,
    check_parameters,
    check_permission,
    check_token,
    forbidden,
    read_token,
    too_many,
    unauthorized,
)
from upbeat_sandbox.tidal.table import table
from upbeat_sandbox.tidal.tokens import auth, flat_error

# Their routes are what they are imported for.
ROUTES = (collection, music, people, playlists)
TOKEN_PATH = "/v1/oauth2/token"  # noqa: S105 - a path


def recognise(call: Call) -> None:
    """Who is calling, before anything is decided: faults may ask."""
    if call.host == "openapi":
        read_token(call)
        idempotency.begin(call)
    elif call.host == "auth" and call.method == "POST":
        held = call.service.grants.refresh.get(call.form().get("refresh_token", ""))
        code = call.service.grants.codes.get(call.form().get("code", ""))
        call.fan = held.approval.account if held else code.account if code else None
        call.client_id = held.approval.client_id if held else code.client_id if code else ""
    else:
        call.client_id = call.query.get("client_id", "")


def answer(call: Call) -> Reply:
    if call.host == "openapi":
        try:
            return api_answer(call)
        except Refusal:
            idempotency.lost(call)
            raise
    return (
        listen.page(call)
        if call.host == "www"
        else plain_answer(call, login if call.host == "login" else auth)
    )


def api_answer(call: Call) -> Reply:
    """In the order in which a gateway looks: is it there, may it be read, who asks, how often, and for what."""
    route = route_of(call)
    check_media_types(call)
    check_token(call)
    check_limit(call)
    check_permission(call, route)
    if call.method == "GET":
        return acted(call, route)
    return idempotency.once(call, lambda: acted(call, route))


def acted(call: Call, route: Route) -> Reply:
    check_parameters(call, route)
    reply: Reply = route.handler(call)
    return reply


def route_of(call: Call) -> Route:
    """404 where nobody lives, 405 for a method that is not for third parties."""
    matched = table.match(call.path)
    if matched is None:
        raise Refusal(error(404))
    routes, values = matched
    route = routes.get(call.method)
    if route is None:
        reply = error(405)
        reply.headers["Allow"] = ", ".join(sorted(routes))
        raise Refusal(reply)
    call.path_values = placeholder_values(route, values)
    return route


def plain_answer(call: Call, routes_of: Table) -> Reply:
    """login and auth: pages and forms."""
    matched = routes_of.match(call.path)
    if matched is None:
        return Reply(404, b"Not found", "text/plain; charset=utf-8")
    routes, _ = matched
    route = routes.get(call.method)
    if route is None:
        allowed = {"Allow": ", ".join(sorted(routes))}
        return Reply(405, b"Method not allowed", "text/plain; charset=utf-8", allowed)
    check_shape(call, route)
    reply: Reply = route.handler(call)
    return reply


def fault_reply(call: Call, rule: Rule) -> Reply | None:
    """How this service says what the rule orders; None where the rule does not concern this host."""
    detail: dict[str, Any] = rule.detail
    message, at_token = detail.get("message"), call.path == TOKEN_PATH
    if rule.kind == "invalid_grant":
        return flat_error("invalid_grant", message or "Token has been revoked") if at_token else None
    if detail.get("when") != "after":
        idempotency.lost(call)
    if rule.kind == "error":
        status = detail.get("status", 500)
        return flat_error("server_error", message or "", status) if at_token else error(status, message or "")
    if rule.kind == "rate_limit":
        return too_many(call, int(detail.get("retry_after", 5)))
    if rule.kind == "unauthorized":
        return unauthorized(call, 11003, message or "The token has expired")
    if rule.kind != "forbidden":
        return None
    return error(403, message) if message else forbidden(call)
