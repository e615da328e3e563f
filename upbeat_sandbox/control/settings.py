"""Control: the clock, each service's switches, and the applications registered with it."""

from typing import Any
from urllib.parse import urlsplit

from upbeat_sandbox.clock import iso, read_moment, seconds
from upbeat_sandbox.control.asking import Ask, Wrong, on, texts
from upbeat_sandbox.grants import Client
from upbeat_sandbox.played import SERVICES
from upbeat_sandbox.switches import turn


@on("GET", "/clock", "", "the sandbox's time and how far it is from the wall clock")
def clock(ask: Ask) -> dict[str, Any]:
    world_clock = ask.world.clock
    return {"now": iso(world_clock.now()), "offset_seconds": round(world_clock.offset, 3)}


@on(
    "PUT",
    "/clock",
    "",
    'move it: {"now": moment} or {"advance_seconds": n} or {"offset_seconds": n}; POST does the same',
)
@on("POST", "/clock", "", "as PUT")
def move_clock(ask: Ask) -> dict[str, Any]:
    data = ask.only("now", "advance_seconds", "offset_seconds")
    if len(data) != 1:
        raise Wrong("say one of now, advance_seconds, offset_seconds")
    if "now" in data:
        ask.world.clock.set_to(read_moment(data["now"]))
    elif "advance_seconds" in data:
        offset = ask.world.clock.offset + seconds(data["advance_seconds"], "advance_seconds").total_seconds()
        ask.world.clock.offset = seconds(offset, "the way from the wall clock").total_seconds()
    else:
        ask.world.clock.offset = seconds(data["offset_seconds"], "offset_seconds").total_seconds()
    return clock(ask)


@on("GET", "/services/{service}", "", "the switches of a service as they stand")
def switches(ask: Ask) -> dict[str, Any]:
    return dict(ask.service(ask.values["service"]).switches)


@on(
    "PATCH",
    "/services/{service}",
    "",
    'turn switches: {"mode": "development", "allow_list": [names]}; PUT and POST do the same',
)
@on("PUT", "/services/{service}", "", "as PATCH")
@on("POST", "/services/{service}", "", "as PATCH")
def turn_switches(ask: Ask) -> dict[str, Any]:
    service = ask.service(ask.values["service"])
    turn(service.switches, service.name, service.facts.switches, ask.data)
    return switches(ask)


def shown(service: str, client: Client) -> dict[str, Any]:
    return {
        "service": service,
        "client_id": client.id,
        "client_secret": client.secret,
        **SERVICES[service].credential(client),
        "name": client.name,
        "redirect_uris": client.redirect_uris,
    }


@on("GET", "/clients", "", "every registered application")
def clients(ask: Ask) -> dict[str, Any]:
    services = ask.world.services.items()
    return {
        "clients": [shown(name, one) for name, service in services for one in service.grants.clients.values()]
    }


@on(
    "POST",
    "/clients",
    "",
    'register one: {"service", "name", "redirect_uris": [] (empty: any loopback address)}',
)
def register(ask: Ask) -> dict[str, Any]:
    data = ask.only("service", "name", "redirect_uris")
    service = ask.service(data.get("service"))
    name = data.get("name", "An application")
    if not isinstance(name, str) or not name.strip():
        raise Wrong("name is a text")
    addresses = redirect_uris(data.get("redirect_uris", []))
    client = service.register(name)
    client.redirect_uris = addresses
    return shown(service.name, client) | {"created": True}


@on("PATCH", "/clients/{client_id}", "", 'change one: {"name", "redirect_uris"}')
def change_client(ask: Ask) -> dict[str, Any]:
    data = ask.only("name", "redirect_uris")
    for service in ask.world.services.values():
        client = service.grants.clients.get(ask.values["client_id"])
        if client is not None:
            addresses = redirect_uris(data.get("redirect_uris", client.redirect_uris))
            client.name, client.redirect_uris = str(data.get("name", client.name)), addresses
            return shown(service.name, client)
    raise Wrong("no application has this client_id", 404)


def redirect_uris(value: object) -> list[str]:
    addresses = texts(value, "redirect_uris")
    for address in addresses:
        if not urlsplit(address).scheme or not urlsplit(address).netloc:
            raise Wrong(f"{address!r} is not a complete address such as https://example.org/callback")
    return addresses
