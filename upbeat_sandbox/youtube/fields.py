"""Partial answers: `fields=items(id,snippet/title),nextPageToken` leaves everything else out."""

from typing import Any

from upbeat_sandbox.call import Call
from upbeat_sandbox.youtube.answers import refuse

Mask = dict[str, Any]


def masked(call: Call, content: Any) -> Any:
    """What `fields` asks for, of an answer."""
    said = call.query.get("fields", "")
    if not said:
        return content
    mask, rest = read(said)
    if rest or not mask:
        raise refuse(400, "invalidParameter", f"Invalid field selection {said}", location="fields")
    return kept(content, mask)


def read(text: str) -> tuple[Mask, str]:
    """The mask at the beginning of `text`, and what is left of it."""
    mask: Mask = {}
    while text and text[0] != ")":
        end = next((at for at, sign in enumerate(text) if sign in ",/()"), len(text))
        name, text = text[:end], text[end:]
        below: Mask = {}
        if text.startswith("/"):
            below, text = one(text[1:])
        elif text.startswith("("):
            below, text = read(text[1:])
            text = text[1:]
        mask[name] = mask.get(name, {}) | below
        text = text.removeprefix(",")
    return mask, text


def one(text: str) -> tuple[Mask, str]:
    """A single path behind a slash."""
    end = next((at for at, sign in enumerate(text) if sign in ",/()"), len(text))
    name, text = text[:end], text[end:]
    if text.startswith("/"):
        below, text = one(text[1:])
    elif text.startswith("("):
        below, text = read(text[1:])
        text = text[1:]
    else:
        below = {}
    return {name: below}, text


def kept(content: Any, mask: Mask) -> Any:
    if not mask or "*" in mask:
        return content
    if isinstance(content, list):
        return [kept(each, mask) for each in content]
    if not isinstance(content, dict):
        return content
    return {name: kept(value, mask[name]) for name, value in content.items() if name in mask}
