"""How Deezer says things: HTTP 200 for nearly everything, an `error` object when it is not right, pages by index."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from upbeat_sandbox.call import Call, Refusal, Reply, as_json

KINDS = {
    4: ("Exception", "Quota limit exceeded"),
    100: ("Exception", "Items limit exceeded"),
    200: ("OAuthException", "Permission denied"),
    300: ("OAuthException", "Invalid OAuth access token."),
    500: ("ParameterException", "Wrong parameter"),
    501: ("MissingParameterException", "Missing parameters"),
    600: ("InvalidQueryException", "Unknown path components"),
    700: ("Exception", "Service busy"),
    800: ("DataException", "no data"),
    901: ("IndividualAccountChangedNotAllowedException", "Individual account not allowed"),
}
UNKNOWN_ROUTE = {"error": "Not Found"}


def error(code: int, message: str | None = None, status: int = 200) -> Reply:
    """`{"error": {"type", "message", "code"}}`; code 0 gives the error that comes without one."""
    if code == 0:
        return as_json({"error": {"type": "Exception", "message": message or "An error has occured"}}, status)
    kind, usual = KINDS.get(code, ("Exception", "An error has occured"))
    return as_json({"error": {"type": kind, "message": message or usual, "code": code}}, status)


def refuse(code: int, message: str | None = None, status: int = 200) -> Refusal:
    return Refusal(error(code, message, status))


def no_data(call: Call) -> Refusal:
    """Not found, or not yet."""
    return refuse(800, status=call.service.switches["not_found_status"])


def api(call: Call, path: str) -> str:
    return f"{call.origin}/deezer/api{path}"


def whole_number(call: Call, name: str, default: int) -> int:
    """Zero or more, from the query; error 500 if it is anything else."""
    text = call.query.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,12}", text):
        raise refuse(500)
    return int(text)


def listing(
    call: Call, items: list[Any], show: Callable[[Any], Any], size: int = 25, **more: Any
) -> dict[str, Any]:
    """One page: `data`, `total`, and `next` and `prev` where there is more."""
    index, limit = whole_number(call, "index", 0), whole_number(call, "limit", size)
    answer: dict[str, Any] = {"data": [show(item) for item in items[index : index + limit]]} | more
    answer["total"] = len(items)
    if index > 0:
        answer["prev"] = address(call, max(0, index - limit))
    if limit and index + limit < len(items):
        answer["next"] = address(call, index + limit)
    return answer


def address(call: Call, index: int) -> str:
    kept = {name: value for name, value in call.query.items() if name not in ("index", "request_method")}
    return f"{api(call, call.path)}?{urlencode(kept | {'index': index}, quote_via=quote)}"


def wanted_ids(call: Call, *names: str) -> list[str]:
    """Ids from the first of these parameters that is given; 501 if none is, 500 if one is no number."""
    text = next((call.query[name] for name in names if call.query.get(name)), None)
    if text is None:
        raise refuse(501, f"Missing parameters: {names[0]}")
    ids = [part.strip() for part in text.split(",") if part.strip()]
    if not ids or not all(re.fullmatch(r"[0-9]{1,18}", part) for part in ids):
        raise refuse(500)
    return ids
