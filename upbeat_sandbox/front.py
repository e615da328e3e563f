"""`GET /`: for machines the addresses and credentials of every service, for people a page."""

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from upbeat_sandbox import page
from upbeat_sandbox.call import Reply, as_html, as_json, as_text
from upbeat_sandbox.clock import iso
from upbeat_sandbox.mail import pages
from upbeat_sandbox.world import Service, World

if TYPE_CHECKING:
    from upbeat_sandbox.app import Sandbox


def answer(sandbox: "Sandbox", request: Request, body: bytes, origin: str) -> Reply:
    if request.url.path == "/mail" or request.url.path.startswith("/mail/"):
        return pages.answer(sandbox.world.post_office, request.url.path)
    if request.url.path != "/":
        return as_text("Nothing here. GET / lists the services, GET /_control the control API.", 404)
    if request.method == "POST":
        return moved(sandbox.world, request, body, origin)
    if request.method not in ("GET", "HEAD"):
        return as_text("GET or POST.", 405)
    known = services(sandbox.world, origin) | {
        "mail": {"smtp_url": sandbox.mail_url, "read_at": f"{origin}/mail"}
    }
    if "text/html" in request.headers.get("accept", ""):
        return as_html(page.rendered(sandbox.world, known["services"]))
    return as_json(known)


def moved(world: World, request: Request, body: bytes, origin: str) -> Reply:
    """A clock button of the page was pressed; other pages have no business pressing it."""
    if request.headers.get("origin", origin) != origin:
        return as_text("Only the sandbox's own page may do this.", 403)
    page.move(world, dict(parse_qsl(body.decode("utf-8", "replace"))).get("move", ""))
    return Reply(303, b"", None, {"Location": "/"})


def services(world: World, origin: str) -> dict[str, Any]:
    return {
        "services": {name: one_service(service, origin) for name, service in world.services.items()},
        "control_url": f"{origin}/_control",
        "now": iso(world.clock.now()),
    }


def one_service(service: Service, origin: str) -> dict[str, str]:
    addresses = {name: origin + path for name, path in service.facts.endpoints.items()}
    return {**addresses, **service.facts.credential(service.client)}
