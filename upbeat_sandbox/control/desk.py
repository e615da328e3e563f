"""Answers the control API: finds the handler, reads the body, and says in words what is wrong with a request."""

import json
from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from upbeat_sandbox.call import Reply, as_json
from upbeat_sandbox.control import faults, keys, mail, music, people, push, settings
from upbeat_sandbox.control.asking import DESCRIBED, Ask, Wrong, on, table
from upbeat_sandbox.faults import KINDS
from upbeat_sandbox.played import SERVICES
from upbeat_sandbox.routing import placeholder_values
from upbeat_sandbox.seed import sown
from upbeat_sandbox.switches import COMMON

if TYPE_CHECKING:
    from upbeat_sandbox.app import Sandbox

ROUTES = (faults, keys, mail, music, people, push, settings)  # their routes are what they are imported for


def answer(sandbox: "Sandbox", request: Request, body: bytes, origin: str) -> Reply:
    """The reply to a control request; a reset swaps the sandbox's world."""
    try:
        ask = Ask(sandbox.world, origin, dict(request.query_params), read(body, request))
        result = handled(ask, request)
    except Wrong as problem:
        return as_json({"error": str(problem)}, problem.status)
    except ValueError as problem:
        return as_json({"error": str(problem)}, 400)
    if ask.fresh_world:
        sandbox.world = sown()
        result["now"] = sandbox.world.clock.now().isoformat()
    return as_json(result, 201 if request.method == "POST" and result.pop("created", False) else 200)


def read(body: bytes, request: Request) -> dict[str, Any]:
    """The body as an object. A page elsewhere can post a form or a text here, but never JSON with its content type."""
    if not body.strip():
        return {}
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise Wrong("send JSON with Content-Type: application/json", 415)
    try:
        data = json.loads(body)
    except ValueError:
        raise Wrong("the body is not JSON") from None
    if not isinstance(data, dict):
        raise Wrong("the body is a JSON object")
    return data


def handled(ask: Ask, request: Request) -> dict[str, Any]:
    matched = table.match(request.url.path)
    if matched is None:
        raise Wrong(f"there is nothing at {request.url.path}; GET /_control lists what there is", 404)
    routes, values = matched
    method = "GET" if request.method == "HEAD" else request.method
    route = routes.get(method)
    if route is None:
        raise Wrong(f"{request.url.path} takes {', '.join(sorted(routes))}", 405)
    unknown = ask.query.keys() - route.query
    if unknown:
        raise Wrong(f"query parameter {min(unknown)} is not known here")
    ask.values = placeholder_values(route, values)
    result: dict[str, Any] = route.handler(ask)
    return result


@on("GET", "", "", "this description")
def describe(ask: Ask) -> dict[str, Any]:
    switches = {
        service: {
            name: {"default": default, "meaning": meaning}
            for name, (default, _, meaning) in (COMMON | facts.switches).items()
        }
        for service, facts in SERVICES.items()
    }
    return {
        "about": 'Control of the sandbox. Bodies are JSON objects; errors are {"error": words} with a 4xx.',
        "endpoints": [
            {"method": method, "path": path, "meaning": meaning} for method, path, meaning in DESCRIBED
        ],
        "fault_effects": {kind: sorted(fields) for kind, fields in KINDS.items()},
        "switches": switches,
        "catalogue": music.listed(ask),
    }


@on(
    "POST",
    "/reset",
    "",
    "start over: the seeded music, no fans, no faults, the wall clock; client ids stay the same",
)
def reset(ask: Ask) -> dict[str, Any]:
    ask.only()
    ask.fresh_world = True
    return {"reset": True}
