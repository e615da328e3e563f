"""Our own files (/static/) and the team's uploads (/media/), as bytes with their headers.

Only what lies below those folders, under a plain name and with a type we know: no listing, no way out of the folder.
An address that carries the file's own hash never changes what it shows, so browsers may keep it for good.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from upbeat.web import security
from upbeat.web.outer.http import Answer, Header

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}
AT_ROOT = {"/push-worker.js": "/static/pages/push-worker.js"}
"""A service worker stands above every page, so that it may choose how little of them is its own."""
_UPLOADED = (".jpg", ".png", ".webp")
_TEXTS = (".css", ".js", ".svg", ".txt", ".webmanifest")
_PLAIN = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*")
_FOR_GOOD = b"public, max-age=31536000, immutable"
_ASK_AGAIN = b"public, max-age=0, must-revalidate"


@dataclass(frozen=True, slots=True)
class File:
    """A file in memory. `zipped` is empty where it would not be smaller."""

    kind: bytes
    body: bytes
    zipped: bytes
    digest: str


def answer(path: str, query: bytes, wanted: dict[str, str]) -> Answer | None:
    """The file at /static/… or /media/…, None if there is none. `wanted` are the request's headers. Reads the disk."""
    root, _, name = AT_ROOT.get(path, path).lstrip("/").partition("/")
    uploaded = root == "media"
    folders = [settings.MEDIA_ROOT] if uploaded else settings.STATICFILES_DIRS
    found = next((file for folder in folders if (file := _find(Path(folder), name, uploaded))), None)
    if found is None:
        return None
    for_good = uploaded or query == f"v={found.digest[:12]}".encode()
    etag = f'"{found.digest[:24]}"'
    headers: list[Header] = [
        (b"etag", etag.encode()),
        (b"cache-control", _FOR_GOOD if for_good else _ASK_AGAIN),
        (b"content-security-policy", _policy(path, uploaded).encode()),
    ]
    if wanted.get("if-none-match") == etag:
        return Answer(304, b"", headers)
    headers.append((b"content-type", found.kind))
    if not found.zipped:
        return Answer(200, found.body, headers)
    headers.append((b"vary", b"Accept-Encoding"))
    if "gzip" not in wanted.get("accept-encoding", ""):
        return Answer(200, found.body, headers)
    return Answer(200, found.zipped, [*headers, (b"content-encoding", b"gzip")])


def _policy(path: str, uploaded: bool) -> str:
    if path in AT_ROOT:
        return security.WORKER_CSP
    return security.UPLOAD_CSP if uploaded else security.NOTHING_CSP


def _find(folder: Path, name: str, uploaded: bool) -> File | None:
    if not _PLAIN.fullmatch(name) or Path(name).suffix not in (_UPLOADED if uploaded else _TYPES):
        return None
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            return None
        return _read(path, path.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=96)
def _read(path: Path, changed: int) -> File:
    body = path.read_bytes()
    zipped = gzip.compress(body, 9, mtime=0) if path.suffix in _TEXTS and len(body) > 600 else b""
    kind = _TYPES[path.suffix].encode()
    return File(kind, body, zipped, hashlib.sha256(body).hexdigest())
