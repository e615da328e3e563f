"""What stands before every call of openapi.tidal.com: media types, the token, the call limit, scopes, parameters."""

import re
from collections.abc import Callable
from typing import Any

from upbeat_sandbox.call import Call, Refusal, Reply, as_json
from upbeat_sandbox.routing import Route
from upbeat_sandbox.tidal.documents import MEDIA_TYPE, error, refuse

LISTS = re.compile(r"query parameter (include|filter\[[^\]]+\]) given twice")
COUNTRY = re.compile(r"[A-Z]{2}")


def read_token(call: Call) -> None:
    """Finds whose token came with the call, if any; says nothing yet about whether it will do."""
    scheme, _, value = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        call.token = call.service.grants.access.get(value.strip())
    if call.token is not None:
        call.client_id = call.token.client_id
    call.wrong[:] = [one for one in call.wrong if not LISTS.fullmatch(one)]  # lists may come so
    if "access_token" in call.query:
        call.note("token in the query; it belongs in the Authorization header")


def check_media_types(call: Call) -> None:
    """406 where no JSON:API would be taken, 415 where the body is none."""
    accepted = [part.split(";")[0].strip().lower() for part in call.headers.get("accept", "*/*").split(",")]
    if not {MEDIA_TYPE, "*/*", "application/*", ""}.intersection(accepted):
        raise refuse(406, header="Accept")
    if call.body and call.headers.get("content-type", "").strip().lower() != MEDIA_TYPE:
        call.note(f"content type {call.content_type() or 'missing'}; {MEDIA_TYPE} belongs here")
        raise refuse(415, header="Content-Type")


def unauthorized(call: Call, sub_status: int, words: str) -> Reply:
    """A token that will not do, in the form the switch says."""
    if call.service.switches["error_form"] == "legacy":
        reply = as_json({"status": 401, "subStatus": sub_status, "userMessage": words}, 401)
    else:
        reply = error(401, words, code=str(sub_status))
    reply.headers["WWW-Authenticate"] = (
        f'Bearer realm="tidal", error="invalid_token", error_description="{words}"'
    )
    return reply


def check_token(call: Call) -> None:
    """401 unless a living token came with the call."""
    token = call.token
    if not call.headers.get("authorization"):
        raise Refusal(unauthorized(call, 6001, "No token was provided"))
    if token is None:
        raise Refusal(unauthorized(call, 11002, "Token has invalid payload"))
    if token.approval is not None and token.approval.revoked:
        raise Refusal(unauthorized(call, 11001, "Token was revoked"))
    if token.expires_at is not None and call.now >= token.expires_at:
        raise Refusal(unauthorized(call, 11003, "The token has expired"))


def check_limit(call: Call) -> None:
    """429 once the application has used up its rolling window; how full the bucket is stands in the headers."""
    if call.service.over_limit(call.client_id) is not None:
        raise Refusal(too_many(call))


def too_many(call: Call, wait: int | None = None) -> Reply:
    """No Retry-After is documented; an ordered wait comes with one, so that it can be as long as wanted."""
    reply = error(429)
    capacity = call.service.switches["calls_per_window"] or 10
    reply.headers |= {
        "x-ratelimit-remaining": "0",
        "x-ratelimit-requested-tokens": "5",
        "x-ratelimit-burst-capacity": str(capacity),
        "x-ratelimit-replenish-rate": "1",
    }
    if wait is not None:
        reply.headers["Retry-After"] = str(wait)
    return reply


def forbidden(call: Call) -> Reply:
    words = "Token is missing required scope"
    if call.service.switches["error_form"] == "legacy":
        return as_json({"status": 403, "subStatus": 11004, "userMessage": words}, 403)
    return error(403, words, code="11004")


def check_permission(call: Call, route: Route) -> None:
    """401 where a fan is needed, 403 for a missing scope."""
    assert call.token is not None
    if route.user and call.token.account is None:
        raise Refusal(unauthorized(call, 11003, "A user's token is needed"))
    require(call, *route.scopes)


def require(call: Call, *scopes: str) -> None:
    """403 unless a fan's token has one of the scopes; for rules that depend on what is asked."""
    assert call.token is not None
    if scopes and not call.token.scopes.intersection(scopes):
        raise Refusal(forbidden(call))


def check_parameters(call: Call, route: Route) -> None:
    """400 for filters and sorts that are not there, and for values nothing can be made of."""
    for name in call.query.keys() - route.query:
        filters = sorted(one for one in route.query if one.startswith("filter["))
        if name.startswith("filter["):
            raise refuse(400, f"Unknown filter. Available: {', '.join(filters) or 'none'}", parameter=name)
        if name == "sort":
            raise refuse(400, "This list cannot be sorted", parameter=name)
        call.note(f"query parameter {name} is not known here")
    wanted = call.query.get("countryCode")
    if wanted is not None and not COUNTRY.fullmatch(wanted):
        raise refuse(400, "countryCode is an ISO 3166-1 alpha-2 code", parameter="countryCode")
    if call.body and not route.body:
        call.note("a body where none belongs")


def sort_key(
    call: Call, known: dict[str, Callable[[Any], Any]], usual: str
) -> tuple[Callable[[Any], Any], bool]:
    """The key and the direction of `sort`; 400 for a member that is not among the known."""
    wanted = call.query.get("sort", usual)
    name = wanted.removeprefix("-")
    if name not in known:
        names = ", ".join(f"{one}, -{one}" for one in known)
        raise refuse(400, f"Unknown sort. Available: {names}", parameter="sort")
    return known[name], wanted.startswith("-")
