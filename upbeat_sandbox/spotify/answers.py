"""The forms Spotify's API answers in when something is not right, and the paging object."""

import re
from typing import Any
from urllib.parse import urlencode

from upbeat_sandbox.call import Call, Refusal, Reply, as_json


def error(status: int, message: str, *, headers: dict[str, str] | None = None, **more: str) -> Reply:
    """`{"error": {"status", "message"}}`, Spotify's regular error object."""
    content: dict[str, Any] = {"status": status, "message": message}
    return as_json({"error": content | more}, status, headers)


def refuse(status: int, message: str, **more: str) -> Refusal:
    return Refusal(error(status, message, headers=None, **more))


def whole_number(call: Call, name: str, default: int, least: int, most: int | None = None) -> int:
    """A number from the query; 400 if it is none or out of range."""
    text = call.query.get(name)
    if text is None:
        return default
    number = int(text) if re.fullmatch(r"-?[0-9]{1,12}", text) else None
    if number is None or number < least or (most is not None and number > most):
        raise refuse(400, f"Invalid {name}")
    return number


def api(call: Call, path: str) -> str:
    """An address on the sandbox's own API, so that clients can follow it."""
    return f"{call.origin}/spotify/api{path}"


def window(call: Call, usual: int, most: int, furthest: int | None = None) -> tuple[int, int]:
    """`limit` and `offset` of the query; 400 if one is out of range."""
    return whole_number(call, "limit", usual, 1, most), whole_number(call, "offset", 0, 0, furthest)


def page(
    call: Call, items: list[Any], wanted: tuple[int, int], show: Any, path: str = "", **fixed: str
) -> dict[str, Any]:
    """One page of `items` as a paging object; `show` turns one item into its JSON."""
    limit, offset = wanted
    here = api(call, path or call.path)
    kept = (
        {name: value for name, value in call.query.items() if name not in ("limit", "offset")}
        if not path
        else {}
    )

    def address(start: int) -> str:
        return f"{here}?{urlencode(kept | fixed | {'offset': start, 'limit': limit})}"

    last = offset + limit >= len(items)
    return {
        "href": address(offset),
        "items": [show(item) for item in items[offset : offset + limit]],
        "limit": limit,
        "next": None if last else address(offset + limit),
        "offset": offset,
        "previous": address(max(0, offset - limit)) if offset > 0 else None,
        "total": len(items),
    }


def id_list(call: Call, name: str, most: int) -> list[str]:
    """A comma list from the query; 400 if it is missing, empty or too long."""
    text = call.query.get(name, "")
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts:
        raise refuse(400, f"Missing required field: {name}")
    if len(parts) > most:
        raise refuse(
            400, "Too many ids requested" if name == "ids" else f"Too many {name} requested, maximum {most}"
        )
    return parts
