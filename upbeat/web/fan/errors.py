"""Django's own refusals, in the fan pages' look: never a stack trace."""

import logging
import secrets

from django.http import HttpRequest, HttpResponse

from upbeat.web.fan.plain import nothing_here, refusal, trouble
from upbeat.web.outer.http import Answer

_log = logging.getLogger(__name__)


def bad_request(_request: HttpRequest, exception: Exception) -> HttpResponse:
    return _as_django(refusal("This request cannot be read.", 400))


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    _log.warning("Refused %s: %s", _where(request), reason or "not allowed")
    return _as_django(refusal("This form is stale or came from another site. Open the page again.", 403))


def not_found(_request: HttpRequest, exception: Exception) -> HttpResponse:
    return _as_django(nothing_here())


def broken(request: HttpRequest) -> HttpResponse:
    number = secrets.token_hex(4)
    _log.exception("Error %s: %s", number, _where(request))
    return _as_django(trouble(number))


def _where(request: HttpRequest) -> str:
    """For the log: the first part of the path only (the rest may be the key of a receipt), on one line."""
    return f"{request.method} {'/' + request.path.split('/')[1][:60]!a}"


def _as_django(answer: Answer) -> HttpResponse:
    made = HttpResponse(answer.body, status=answer.status)
    for name, value in answer.headers:
        made[name.decode()] = value.decode()
    return made
