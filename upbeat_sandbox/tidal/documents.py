"""JSON:API documents: answers, errors, links, and the cursors of their pages."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from upbeat_sandbox.call import Call, Refusal, Reply

T = TypeVar("T")
MEDIA_TYPE = "application/vnd.api+json"
PAGE = 20
CURSOR = "page[cursor]"
WORDS = {
    400: "Invalid request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Resource not found",
    405: "HTTP method not allowed",
    406: "No acceptable response media type",
    415: "Unsupported request media type or encoding",
    429: "Rate limit exceeded",
    500: "Internal server error",
    503: "Service temporarily unavailable",
}


def document(data: dict[str, Any], status: int = 200) -> Reply:
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return Reply(status, body, MEDIA_TYPE, {})


def error(status: int, detail: str = "", *, code: str = "", **source: str) -> Reply:
    """An error document with one error. `source`: pointer, parameter or header."""
    said: dict[str, Any] = {"status": str(status), "detail": detail or WORDS.get(status, "Error")}
    if code:
        said["code"] = code
    if source:
        said["source"] = source
    return document({"errors": [said]}, status)


def refuse(status: int, detail: str = "", *, code: str = "", **source: str) -> Refusal:
    return Refusal(error(status, detail, code=code, **source))


def values(call: Call, name: str) -> list[str]:
    """What a list parameter holds: given several times, or once with commas."""
    given = [value for key, value in parse_qsl(call.query_string, keep_blank_values=True) if key == name]
    return [one.strip() for value in given for one in value.split(",") if one.strip()]


def here(call: Call, **more: str) -> str:
    """The link of this call itself, with other parameters where they are named."""
    kept = [(name, value) for name, value in parse_qsl(call.query_string) if name not in more]
    return linked(path_of(call), [*kept, *more.items()])


def path_of(call: Call) -> str:
    return call.path.removeprefix("/v2")


def linked(path: str, query: Sequence[tuple[str, str]]) -> str:
    """A link as documents hold them: without host and version."""
    return f"{path}?{urlencode(query)}" if query else path


def country(call: Call) -> str:
    """The country that decides: the caller's wish, else the fan's own, else the United States."""
    about = call.about()
    return call.query.get("countryCode") or (about.country if about else "US")


def page(call: Call, items: Sequence[T]) -> tuple[Sequence[T], dict[str, Any]]:
    """The page the cursor points at, with the document's links."""
    start = position(call.query.get(CURSOR, ""))
    links: dict[str, Any] = {"self": here(call)}
    return items[start : start + PAGE], links | onward(call, start + PAGE, len(items))


def onward(call: Call, end: int, count: int) -> dict[str, Any]:
    """The link to the next page of this call's list, if there is one."""
    if end >= count:
        return {}
    cursor = made(end)
    return {"next": here(call, **{CURSOR: cursor}), "meta": {"nextCursor": cursor}}


def made(start: int) -> str:
    return base64.urlsafe_b64encode(f"at {start}".encode()).rstrip(b"=").decode()


def position(cursor: str) -> int:
    """Where a cursor points; 400 for one that nobody gave out."""
    if not cursor:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        start = int(text.removeprefix("at ")) if text.startswith("at ") else -1
    except (binascii.Error, ValueError):
        start = -1
    if start < 0:
        raise refuse(400, "Invalid cursor", parameter=CURSOR)
    return start
