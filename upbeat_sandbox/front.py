"""`GET /`: for machines the addresses and credentials of every service, for people a page."""

from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from upbeat_sandbox.call import Reply, as_json, as_text
from upbeat_sandbox.clock import iso
from upbeat_sandbox.world import Service, World

if TYPE_CHECKING:
    from upbeat_sandbox.app import Sandbox

ENDPOINTS = {
    "spotify": {
        "api_url": "/spotify/api",
        "authorize_url": "/spotify/accounts/authorize",
        "token_url": "/spotify/accounts/api/token",
        "open_url": "/spotify/open",
    },
    "deezer": {
        "api_url": "/deezer/api",
        "authorize_url": "/deezer/connect/oauth/auth.php",
        "token_url": "/deezer/connect/oauth/access_token.php",
        "open_url": "/deezer/www",
    },
}


def answer(sandbox: "Sandbox", request: Request, origin: str) -> Reply:
    if request.url.path != "/":
        return as_text("Nothing here. GET / lists the services, GET /_control the control API.", 404)
    if request.method not in ("GET", "HEAD"):
        return as_text("GET only.", 405)
    return as_json(services(sandbox.world, origin))


def services(world: World, origin: str) -> dict[str, Any]:
    return {
        "services": {name: one_service(service, origin) for name, service in world.services.items()},
        "control_url": f"{origin}/_control",
        "now": iso(world.clock.now()),
    }


def one_service(service: Service, origin: str) -> dict[str, str]:
    addresses = {name: origin + path for name, path in ENDPOINTS[service.name].items()}
    return addresses | {"client_id": service.client.id, "client_secret": service.client.secret}
