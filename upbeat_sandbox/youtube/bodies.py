"""The JSON a caller sends: read with care, refused with the names YouTube gives what is wrong."""

import json
from typing import Any

from upbeat_sandbox.call import Call
from upbeat_sandbox.youtube.answers import refuse


def body(call: Call) -> dict[str, Any]:
    """The object that was sent; 400 if it is none."""
    try:
        given = json.loads(call.body or b"null")
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise refuse(400, "parseError", "Parse Error", status="INVALID_ARGUMENT")
    return given


def at(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def text(value: Any, *path: str) -> str:
    found = at(value, *path)
    if found is not None and not isinstance(found, str):
        words = f"Invalid value at 'resource.{'.'.join(path)}' (TYPE_STRING)"
        raise refuse(400, "invalid", words, status="INVALID_ARGUMENT")
    return found or ""


def resource_id(given: dict[str, Any], kind: str, name: str, domain: str) -> str:
    """The id in `snippet.resourceId`, which has to be of this kind."""
    said, found = text(given, "snippet", "resourceId", "kind"), text(given, "snippet", "resourceId", name)
    if said and said != kind:
        raise refuse(
            400, "invalidResourceType", "The type set for the resource ID is invalid.", domain=domain
        )
    return found
