"""The body of a request before Django sees it: whole, no larger than its address takes, and text where text is due.

Django reads in one of eight threads, and a form that comes in drop by drop would hold one for as long as it likes. So
what is sent is read here first, on the event loop, where waiting costs nothing.
"""

import re

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from upbeat.web.outer.http import BadRequestError, Request
from upbeat.web.outer.threads import in_thread

MOST_FILE = 40 * 1024 * 1024
"""More than a cover may have, so that the page itself can say what is wrong with one of 30 MB."""
_COVER = re.compile(r"/dashboard/releases/[0-9]+/cover")


async def body_for_django(request: Request) -> bytes:
    """The whole body of a POST; nothing else has one. Raises `BadRequestError` as `Request.written` does.

    A file is taken only where a cover belongs, and from nobody who is not signed in.
    """
    if request.method != "POST":
        return b""
    if _COVER.fullmatch(request.path):
        if not await in_thread(_is_signed_in, request.cookies):
            raise BadRequestError("You are signed out. Sign in, then choose the file again.", 403)
        return await request.body(MOST_FILE)
    return await request.written(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def _is_signed_in(cookies: dict[str, str]) -> bool:
    return SESSION_KEY in SessionStore(cookies.get(settings.SESSION_COOKIE_NAME))
