"""The forms SoundCloud answers in: objects, pages with `next_href`, and errors."""

import json
import re
import time
from collections.abc import Callable, Sequence
from email.utils import formatdate
from typing import Any
from urllib.parse import urlencode

from upbeat_sandbox.call import Call, Refusal, Reply, as_json

HELP = "https://developers.soundcloud.com/docs/api/explorer/open-api"
LIMITS = "https://developers.soundcloud.com/docs/api/rate-limits#errors"
WORDS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    422: "Unprocessable Entity",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
WITH_CHARSET = (400, 401)


def error(status: int, message: str = "", *, link: str = HELP, **more: Any) -> Reply:
    """`{"code", "message", "link"}` with the older `status`, `errors` and `error` beside."""
    words = WORDS.get(status, "Error")
    content: dict[str, Any] = {
        "code": status,
        "message": message or words,
        "link": link,
        "status": f"{status} - {words}",
        "errors": [{"error_message": message or words}],
        "error": None,
    }
    media_type = "application/json; charset=utf-8" if status in WITH_CHARSET else "application/json"
    body = json.dumps(content | more, ensure_ascii=False, separators=(",", ":")).encode()
    return Reply(status, body, media_type)


def refuse(status: int, message: str = "") -> Refusal:
    return Refusal(error(status, message))


def too_many(call: Call, seconds: float, *, spam: bool = False) -> Reply:
    """429: with the moment it ends by this service's clock (no Retry-After), or with a spam warning."""
    if spam:
        warned = {"spam_warning_urn": "soundcloud:spam-warnings:1"}
        return error(429, "This looks like spam, slow down.", link=LIMITS, **warned)
    now = time.time() + call.service.switches["clock_seconds_ahead"]
    reset = time.strftime("%Y/%m/%d %H:%M:%S +0000", time.gmtime(now + seconds))
    limit = {"group": "api", "max_nr_of_requests": 0, "time_window": "PT24H"}
    meta = {"rate_limit": limit, "remaining_requests": 0, "reset_time": reset}
    reply = error(
        429,
        "rate_limit_exceeded",
        link=LIMITS,
        errors=[{"error_message": "rate_limit_exceeded", "meta": meta}],
    )
    reply.headers["date"] = formatdate(now, usegmt=True)
    return reply


def done(status: int, words: str) -> Reply:
    """`{"status": "200 - OK"}`."""
    return as_json({"status": words}, status)


def api(call: Call, path: str) -> str:
    return f"{call.origin}/soundcloud/api{path}"


def truth(call: Call, name: str, *, default: bool) -> bool:
    """A yes or no from the query."""
    return call.query.get(name, str(default)).lower() in ("true", "1")


def whole_number(call: Call, name: str, default: int, least: int, most: int) -> int:
    text = call.query.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise refuse(400, f"{name} is a number from {least} to {most}")
    return int(text)


def listing(
    call: Call, items: Sequence[Any], show: Callable[[Any], Any], *, paged: bool | None = None
) -> Any:
    """A page as `collection` and, where there is more, `next_href`; a bare list where no partitioning is asked for."""
    limit = whole_number(call, "limit", 50, 1, 200)
    offset = whole_number(call, "offset", 0, 0, 10**8) if "cursor" not in call.query else cursor(call)
    shown = [show(item) for item in items[offset : offset + limit]]
    if not (truth(call, "linked_partitioning", default=False) if paged is None else paged):
        return shown
    page: dict[str, Any] = {"collection": shown}
    if offset + limit < len(items):
        kept = {name: value for name, value in call.query.items() if name not in ("offset", "cursor")}
        page["next_href"] = f"{api(call, call.path)}?{urlencode(kept | {'cursor': offset + limit})}"
    return page


def cursor(call: Call) -> int:
    return whole_number(call, "cursor", 0, 0, 10**8)
