"""What is wrong with a call before it is answered; the ledger has it even where the service lets it pass."""

from upbeat_sandbox.call import Call
from upbeat_sandbox.routing import Route

TYPES = {
    "json": ("application/json",),
    "form": ("application/x-www-form-urlencoded",),
    "jpeg": ("image/jpeg",),
    "json or parts": ("application/json", "multipart/form-data"),
}
SECRET_IN_QUERY = ("client_secret", "refresh_token", "code_verifier")


def check_shape(call: Call, route: Route) -> None:
    """Unknown query parameters, a body where none belongs, and the wrong content type."""
    for name in call.query.keys() - route.query:
        call.note(f"query parameter {name} is not known here")
    for name in SECRET_IN_QUERY:
        if name in call.query:
            call.note(f"{name} in the query; it belongs in the body")
    if not call.body:
        return
    if not route.body:
        call.note("a body where none belongs")
    elif call.content_type() not in TYPES[route.body]:
        call.note(f"content type {call.content_type() or 'missing'}; {TYPES[route.body][0]} belongs here")
