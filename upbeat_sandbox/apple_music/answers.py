"""The forms Apple Music's API answers in: resources in `data`, errors in a list, pages with a path to the next one."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from upbeat_sandbox import ids
from upbeat_sandbox.call import Call, Refusal, Reply, as_json

TITLES = {
    400: "Invalid Parameter",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Resource Not Found",
    405: "Method Not Allowed",
    429: "Too Many Requests",
    500: "Upstream Service Error",
}


def error(status: int, code: str, detail: str, title: str = "", parameter: str = "") -> Reply:
    """Apple calls the list `errors`; its published specification calls it `data`. Here it has both names."""
    one: dict[str, Any] = {
        "id": ids.base36(ids.number_from("error", code, detail), 26).upper(),
        "title": title or TITLES.get(status, "Error"),
        "detail": detail,
        "status": str(status),
        "code": code,
    }
    if parameter:
        one["source"] = {"parameter": parameter}
    return as_json({"errors": [one], "data": [one]}, status)


def refuse(status: int, code: str, detail: str, **more: str) -> Refusal:
    return Refusal(error(status, code, detail, **more))


def bad(parameter: str, detail: str) -> Refusal:
    return refuse(400, "40005", detail, title="Invalid Parameter Value", parameter=parameter)


def not_found(detail: str = "Resource with requested id was not found") -> Refusal:
    return refuse(404, "40400", detail)


def listed(call: Call, name: str) -> list[str]:
    """The values of a comma-separated parameter, each once."""
    return list(dict.fromkeys(one.strip() for one in call.query.get(name, "").split(",") if one.strip()))


def number(call: Call, name: str, default: int, most: int) -> int:
    text = call.query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise bad(name, f"Value must be an integer: {text}")
    if int(text) > most or (name == "limit" and int(text) < 1):
        raise bad(name, f"Value must be an integer less than or equal to {most}")
    return int(text)


def page(
    call: Call, items: Sequence[Any], show: Any, *, usual: int = 25, most: int = 100, path: str = ""
) -> dict[str, Any]:
    """One page of `items`; `show` turns one into its resource. `next` is a path, as Apple's is."""
    limit, offset = number(call, "limit", usual, most), number(call, "offset", 0, 10**8)
    found: dict[str, Any] = {"data": [show(one) for one in items[offset : offset + limit]]}
    if offset + limit < len(items):
        kept = {name: value for name, value in call.query.items() if name not in ("offset", "limit")}
        if "limit" in call.query:
            kept["limit"] = str(limit)
        found["next"] = f"{path or call.path}?{urlencode({**kept, 'offset': str(offset + limit)})}"
    return found | {"meta": {"total": len(items)}}


def related(href: str, items: list[dict[str, Any]], total: int | None = None) -> dict[str, Any]:
    """A relationship; with a way on where there is more than came along."""
    found: dict[str, Any] = {"href": href, "data": items}
    if total is not None and total > len(items):
        found["next"] = f"{href}?offset={len(items)}"
    return found
