"""The hosts of YouTube and Google that the sandbox stands in for, each as one function from call to reply."""

from dataclasses import replace
from typing import Any

from upbeat_sandbox import listen
from upbeat_sandbox.call import Call, Refusal, Reply, as_json
from upbeat_sandbox.faults import Rule
from upbeat_sandbox.lint import check_shape
from upbeat_sandbox.routing import Route, Table, placeholder_values
from upbeat_sandbox.youtube import (
    channels,
    identity,
    playlist_items,
    playlists,
    search,
    subscriptions,
    videos,
)
from upbeat_sandbox.youtube.answers import error
from upbeat_sandbox.youtube.authorize import accounts
from upbeat_sandbox.youtube.fields import masked
from upbeat_sandbox.youtube.gate import (
    check_identity,
    check_parameters,
    check_permission,
    check_rate,
    out_of_units,
    read_token,
    spend,
    too_fast,
    unauthorized,
)
from upbeat_sandbox.youtube.table import METHODS, check, table
from upbeat_sandbox.youtube.tokens import flat_error, oauth2

# Their routes are what they are imported for.
ROUTES = (channels, playlist_items, playlists, search, subscriptions, videos)


def recognise(call: Call) -> None:
    """Who is calling, before anything is decided: faults may ask."""
    if call.host == "api":
        read_token(call)
    elif call.host == "oauth2" and call.method == "POST":
        form, grants = call.form(), call.service.grants
        held, code = grants.refresh.get(form.get("refresh_token", "")), grants.codes.get(form.get("code", ""))
        call.fan = held.approval.account if held else code.account if code else None
        call.client_id = held.approval.client_id if held else code.client_id if code else ""
    else:
        call.client_id = call.query.get("client_id", "")


def answer(call: Call) -> Reply:
    if call.host == "api":
        return identity.answer(call) if call.path.startswith(identity.PATHS) else api_answer(call)
    if call.host == "www":
        return www_answer(call)
    return flat_answer(call, {"accounts": accounts, "oauth2": oauth2}[call.host])


def api_answer(call: Call) -> Reply:
    matched = table.match(call.path)
    routes, values = matched if matched is not None else ({}, [])
    route = routes.get(call.method)
    if route is None:
        return Reply(404, b"Not Found", "text/html; charset=UTF-8")
    call.path_values = placeholder_values(route, values)
    check_identity(call)
    check_rate(call)
    try:
        admit(call, route)
    except Refusal:
        spend(call, 1)
        raise
    spend(
        call,
        METHODS[call.method, route.template].cost,
        "searches" if call.path.endswith("/search") else "units",
    )
    result = route.handler(call)
    return result if isinstance(result, Reply) else as_json(masked(call, result))


def admit(call: Call, route: Route) -> None:
    """Stops a call that asks wrongly or may not."""
    check_parameters(call, route)
    check(call, call.method, route.template)
    check_permission(call, route)
    if route.body == "json" and call.content_type() != "application/json":
        call.note(f"content type {call.content_type() or 'missing'}; application/json belongs here")


def flat_answer(call: Call, hosts: Table) -> Reply:
    matched = hosts.match(call.path)
    routes, _ = matched if matched is not None else ({}, [])
    route = routes.get(call.method)
    if route is None:
        return Reply(404, b"Not Found", "text/html; charset=UTF-8")
    check_shape(call, route)
    result: Any = route.handler(call)
    return result if isinstance(result, Reply) else as_json(result)


def www_answer(call: Call) -> Reply:
    """The page of a video, playlist or channel, and oEmbed, which needs no key."""
    if call.path == "/oembed":
        return videos.oembed(call)
    kind, key = page_of(call)
    found = listen.found(call, kind, key)
    if kind == "album" and found is None:
        found = listen.found(call, "playlist", key)
    if kind == "artist" and found is None:
        found = listen.found(call, "user", key)
    return listen.page_of(replace(call), found)


def page_of(call: Call) -> tuple[str, str]:
    if call.path == "/watch":
        return "track", call.query.get("v", "")
    if call.path == "/playlist":
        return "album", call.query.get("list", "")
    return "artist", call.path.removeprefix("/channel/")


def fault_reply(call: Call, rule: Rule) -> Reply | None:
    """How this service says what the rule orders; None where the rule does not concern this host."""
    detail, message = rule.detail, rule.detail.get("message", "")
    at_token = call.host == "oauth2"
    if rule.kind == "invalid_grant":
        return (
            flat_error("invalid_grant", message or "Token has been expired or revoked.") if at_token else None
        )
    if rule.kind == "error":
        status, words = detail.get("status", 500), message or "Backend Error"
        if at_token:
            return flat_error("internal_failure", words, status)
        return error(status, "backendError" if status >= 500 else "forbidden", words)
    if rule.kind == "rate_limit":
        return rate_limited(detail)
    if rule.kind == "unauthorized":
        return unauthorized(message)
    return error(403, "forbidden", message or "Access forbidden.") if rule.kind == "forbidden" else None


def rate_limited(detail: dict[str, Any]) -> Reply:
    """`reason` quotaExceeded: the day is over. With a Retry-After the 429 of Google's front; else the API's 403."""
    if detail.get("reason") == "quotaExceeded":
        return out_of_units()
    if "retry_after" not in detail:
        return too_fast()
    words = "Too many requests. Please try again later."
    head = {"Retry-After": str(int(detail["retry_after"]))}
    return error(429, "rateLimitExceeded", words, status="RESOURCE_EXHAUSTED", headers=head)
