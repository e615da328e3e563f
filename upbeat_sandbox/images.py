"""`/{service}/images/{kind}-{id}-{size}.png`: the pictures the image objects point to."""

import re

from upbeat_sandbox.call import Call, Reply
from upbeat_sandbox.covers import SIZES, drawn

NAME = re.compile(r"/(album|artist|playlist|user)-([0-9A-Za-z]+)-(\d+|large|t500x500)\.png")
NAMED = {"large": 100, "t500x500": 500}
"""Sizes SoundCloud has names for."""


def picture(call: Call) -> Reply:
    """One PNG. A single's picture belongs to the release, so both services show the same for the same music."""
    match = NAME.fullmatch(call.path)
    size = 0 if match is None else NAMED.get(match[3]) or int(match[3])
    if match is None or size not in (*SIZES, *NAMED.values()):
        return Reply(404, b"Not found", "text/plain; charset=utf-8")
    return Reply(
        200,
        drawn(motif(call, match[1], match[2]), size),
        "image/png",
        {"Cache-Control": "max-age=86400"},
    )


def motif(call: Call, kind: str, item_id: str) -> str:
    """What the drawing is made from: the Spotify id where the thing exists on both services."""
    item = call.world.catalogue.any_of(call.service.name, kind, item_id)
    return f"{kind} {item.spotify_id if item else item_id}"
