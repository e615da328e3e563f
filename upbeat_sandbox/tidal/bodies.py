"""The documents that come in: what they must hold, and where they are wrong."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from upbeat_sandbox.call import Call
from upbeat_sandbox.clock import read_moment
from upbeat_sandbox.tidal.documents import refuse


@dataclass(frozen=True, slots=True)
class Named:
    """A resource identifier that came in. `meta` is what its own says."""

    type: str
    id: str
    meta: dict[str, Any]


def body(call: Call) -> dict[str, Any]:
    """The document; 400 where there is none."""
    try:
        found = json.loads(call.body)
    except ValueError:
        raise refuse(400, "The body is not JSON", pointer="") from None
    if not isinstance(found, dict):
        raise refuse(400, "The body is not a document", pointer="")
    return found


def identifiers(call: Call, types: tuple[str, ...], most: int) -> list[Named]:
    """`data` as a list of one to `most` resource identifiers of these types."""
    data = body(call).get("data")
    if not isinstance(data, list) or not 1 <= len(data) <= most:
        raise refuse(400, f"data is a list of 1 to {most} resource identifiers", pointer="/data")
    return [identifier(one, types, f"/data/{place}") for place, one in enumerate(data)]


def identifier(one: Any, types: tuple[str, ...], pointer: str) -> Named:
    if not isinstance(one, dict) or not isinstance(one.get("id"), str) or not one["id"]:
        raise refuse(400, "id is missing", pointer=f"{pointer}/id")
    if one.get("type") not in types:
        raise refuse(400, f"type must be {' or '.join(types)}", pointer=f"{pointer}/type")
    meta = one.get("meta", {})
    if not isinstance(meta, dict):
        raise refuse(400, "meta is an object", pointer=f"{pointer}/meta")
    return Named(one["type"], one["id"], meta)


def added_at(named: Named, now: datetime, place: int) -> datetime:
    """When it is filed under: as the caller says, or now."""
    given = named.meta.get("addedAt")
    if given is None:
        return now
    try:
        return read_moment(given)
    except ValueError:
        pointer = f"/data/{place}/meta/addedAt"
        raise refuse(400, "addedAt is an ISO 8601 date-time", pointer=pointer) from None


def attributes(call: Call, known: dict[str, tuple[type, tuple[str, ...]]]) -> dict[str, Any]:
    """`data.attributes` of a playlist that is made or changed: name -> (type, values if they are fixed)."""
    data = body(call).get("data")
    if not isinstance(data, dict) or data.get("type") != "playlists":
        raise refuse(400, "data.type must be playlists", pointer="/data/type")
    given = data.get("attributes")
    if not isinstance(given, dict):
        raise refuse(400, "attributes are missing", pointer="/data/attributes")
    for name, value in given.items():
        pointer = f"/data/attributes/{name}"
        if name not in known:
            raise refuse(400, f"There is no attribute {name} here", pointer=pointer)
        kind, values = known[name]
        if not isinstance(value, kind) or (values and value not in values):
            raise refuse(400, f"{name} is not valid", pointer=pointer)
    return given
