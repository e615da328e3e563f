"""The forms Google's APIs answer in: resources with an etag, lists with pages, and the error envelope."""

import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

from upbeat_sandbox.call import Call, Refusal, Reply, as_json

Show = Callable[[Any], dict[str, Any]]
MOST = 50


def error(
    code: int,
    reason: str,
    message: str,
    *,
    domain: str = "global",
    location: str = "",
    kind: str = "parameter",
    headers: dict[str, str] | None = None,
    **more: Any,
) -> Reply:
    """`{"error": {"code", "message", "errors": [{"message", "domain", "reason"}]}}`; newer ones say more (`status`)."""
    told = {"message": message, "domain": domain, "reason": reason}
    if location:
        told |= {"location": location, "locationType": kind}
    content = {"code": code, "message": message, "errors": [told], **more}
    return as_json({"error": content}, code, headers or {})


def refuse(code: int, reason: str, message: str, **more: Any) -> Refusal:
    return Refusal(error(code, reason, message, **more))


def not_found(what: str, domain: str, location: str = "id") -> Refusal:
    """404, named after the thing: videoNotFound, playlistNotFound."""
    words = f"The {what} that you have identified cannot be found."
    return refuse(404, f"{what}NotFound", words, domain=domain, location=location)


def etag(content: Any) -> str:
    """27 letters that depend on nothing but what is shown."""
    digest = hashlib.sha1(json.dumps(content, sort_keys=True).encode(), usedforsecurity=False).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def resource(kind: str, key: str, parts: dict[str, Any]) -> dict[str, Any]:
    """One resource with the parts that were asked for."""
    return {"kind": f"youtube#{kind}", "etag": etag(parts | {"id": key}), "id": key} | parts


def listing(
    kind: str, items: list[dict[str, Any]], total: int, per_page: int, **pages: str
) -> dict[str, Any]:
    """A page of a list."""
    info = {"totalResults": total, "resultsPerPage": per_page}
    page = {"kind": f"youtube#{kind}ListResponse"} | pages | {"pageInfo": info, "items": items}
    return {"kind": page.pop("kind"), "etag": etag(page)} | page


def paged(call: Call, kind: str, found: Sequence[Any], show: Show) -> dict[str, Any]:
    """The page of `found` that the query asks for (`maxResults`, `pageToken`)."""
    size, start = page_size(call), page_start(call)
    some = [show(one) for one in found[start : start + size]]
    pages = {"nextPageToken": page_token(start + size)} if start + size < len(found) else {}
    pages |= {"prevPageToken": page_token(max(start - size, 0))} if start else {}
    return listing(kind, some, len(found), size, **pages)


def page_size(call: Call, least: int = 0) -> int:
    said = call.query.get("maxResults", "5")
    size = int(said) if said.isascii() and said.isdigit() and len(said) < 6 else -1
    if not least <= size <= MOST:
        words = f"Invalid value '{said}'. Values must be within the range: [{least}, {MOST}]"
        raise refuse(400, "invalidParameter", words, domain="youtube.parameter", location="maxResults")
    return size


def page_token(start: int) -> str:
    return "CA" + base64.urlsafe_b64encode(start.to_bytes(4, "big")).rstrip(b"=").decode() + "EAA"


def page_start(call: Call) -> int:
    said = call.query.get("pageToken")
    if said is None:
        return 0
    try:
        start = int.from_bytes(base64.urlsafe_b64decode(said[2:-3] + "=="), "big")
    except ValueError:
        start = -1
    if start < 0 or page_token(min(start, 2**32 - 1)) != said:
        words = "The request specifies an invalid page token."
        raise refuse(400, "invalidPageToken", words, domain="youtube.parameter", location="pageToken")
    return start
