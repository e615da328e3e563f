"""Control: fans, what they have, and the permissions they gave."""

from datetime import datetime
from typing import Any

from upbeat_sandbox import ids
from upbeat_sandbox.clock import iso, read_moment
from upbeat_sandbox.control.asking import Ask, Wrong, on, texts, whole
from upbeat_sandbox.grants import Approval
from upbeat_sandbox.people import Account, Playlist
from upbeat_sandbox.world import Service, give_starter_playlists

MOST = 200_000


def reference(service: str, item: Any) -> dict[str, Any]:
    """An item of a shelf by its id on this service and its name."""
    return {"id": ids.of(item, service), "name": getattr(item, "title", None) or item.name}


def shelf(service: str, held: dict[Any, datetime]) -> list[dict[str, Any]]:
    return [reference(service, item) | {"at": iso(moment)} for item, moment in held.items()]


def shown_playlist(service: str, playlist: Playlist, account: Account) -> dict[str, Any]:
    lines = [
        {
            "id": ids.of(entry.track, service),
            "name": entry.track.title,
            "at": iso(entry.added_at),
        }
        for entry in playlist.entries
    ]
    return {
        "id": playlist.id,
        "name": playlist.name,
        "own": playlist.owner is account,
        "public": playlist.public,
        "duplicates": playlist.duplicates(),
        "tracks": lines,
    }


def shown(service: Service, account: Account) -> dict[str, Any]:
    """A fan with everything there is to see, in the order it was added."""
    name = service.name
    mine = [one for one in account.followed["playlist"] if not one.deleted]
    playlists = [shown_playlist(name, one, account) for one in mine]
    known = [service.grants.approvals.get((client, account.id)) for client in service.grants.clients]
    approvals = [one for one in known if one is not None]
    return {
        "service": name,
        "id": account.id,
        "name": account.name,
        "account_id": account.account_id,
        "albums": shelf(name, account.saved["album"]),
        "tracks": shelf(name, account.saved["track"]),
        "artists": shelf(name, account.followed["artist"]),
        "users": shelf(name, account.followed["user"]),
        "playlists": playlists,
        "duplicates": sum(one["duplicates"] for one in playlists if one["own"]),
        "history": [
            {"at": iso(at), "what": what, "kind": kind, "id": i} for at, what, kind, i in account.acts
        ],
        "grants": [
            {"client_id": one.client_id, "scopes": sorted(one.scopes), "revoked": one.revoked}
            for one in approvals
        ],
    }


@on(
    "GET",
    "/users",
    "service limit offset",
    "every fan with library, follows, playlists, their order and times, and duplicate playlist lines",
)
def users(ask: Ask) -> dict[str, Any]:
    services = (
        [ask.service(ask.query["service"])] if "service" in ask.query else list(ask.world.services.values())
    )
    everybody = [(service, account) for service in services for account in service.accounts.values()]
    offset = whole(ask.query.get("offset", "0"), "offset", 0, MOST)
    limit = whole(ask.query.get("limit", str(MOST)), "limit", 1, MOST)
    picked = everybody[offset : offset + limit]
    return {"total": len(everybody), "users": [shown(service, account) for service, account in picked]}


def user_named(service: Service, name: str) -> Account:
    account = service.account_named(name)
    if account is None:
        raise Wrong(f"{service.label} has no account {name!r}", 404)
    return account


@on("GET", "/users/{service}/{user}", "", "one fan, by name or id")
def one_user(ask: Ask) -> dict[str, Any]:
    service = ask.service(ask.values["service"])
    return shown(service, user_named(service, ask.values["user"]))


def wanted_names(data: dict[str, Any]) -> list[str]:
    """`names`, or `count` made-up ones beginning with `prefix`."""
    if "names" in data:
        names = texts(data["names"], "names")
    else:
        count, prefix = whole(data.get("count"), "count", 1, MOST), data.get("prefix", "Fan")
        if not isinstance(prefix, str) or not prefix.strip():
            raise Wrong("prefix is a text")
        names = [f"{prefix} {number:05d}" for number in range(1, count + 1)]
    if any(len(name) > 80 for name in names):
        raise Wrong("a name has 80 characters at most")
    return names


@on(
    "POST",
    "/users",
    "",
    'make fans: {"service", "names": [] or "count" and "prefix", "playlists": true for two starter playlists}',
)
def make_users(ask: Ask) -> dict[str, Any]:
    data = ask.only("service", "names", "count", "prefix", "playlists")
    service, now = ask.service(data.get("service")), ask.world.clock.now()
    accounts = [opened(ask, service, name, now, bool(data.get("playlists"))) for name in wanted_names(data)]
    return {
        "users": [{"id": one.id, "name": one.name, "account_id": one.account_id} for one in accounts],
        "created": True,
    }


def opened(ask: Ask, service: Service, name: str, now: datetime, playlists: bool) -> Account:
    known = service.account_named(name)
    account = known or service.open_account(name, now)
    if known is None and playlists:
        give_starter_playlists(ask.world, service, account)
    return account


@on(
    "POST",
    "/grants",
    "",
    'fans who have already agreed: {"service", "scopes": [], "names": [] or "count" and "prefix", "client_id", '
    '"authorized_at": moment, "public": true for PKCE without secret, "playlists"}; brings the tokens',
)
def make_grants(ask: Ask) -> dict[str, Any]:
    data = ask.only(
        "service", "scopes", "names", "count", "prefix", "client_id", "authorized_at", "public", "playlists"
    )
    service, now = ask.service(data.get("service")), ask.world.clock.now()
    client_id = data.get("client_id", service.client.id)
    if client_id not in service.grants.clients:
        raise Wrong(f"{service.label} has no application with client_id {client_id!r}")
    scopes = checked_scopes(service, data.get("scopes"))
    since = read_moment(data["authorized_at"]) if "authorized_at" in data else now
    names, playlists, public = wanted_names(data), bool(data.get("playlists")), bool(data.get("public"))
    made = []
    for name in names:
        account = opened(ask, service, name, now, playlists)
        approval = service.grants.approve(client_id, account, scopes)
        made.append(granted(service, approval, since, now, public=public))
    return {"grants": made, "created": True}


def checked_scopes(service: Service, value: object) -> frozenset[str]:
    scopes, known = texts(value, "scopes"), service.facts.scopes
    unknown = set(scopes) - set(known)
    if unknown:
        raise Wrong(f"{service.label} has no scope {min(unknown)!r}; it has {', '.join(known)}")
    return frozenset(scopes) | service.facts.always_granted


def granted(
    service: Service, approval: Approval, since: datetime, now: datetime, *, public: bool
) -> dict[str, Any]:
    """Tokens as the token endpoint would have given them."""
    grants, account = service.grants, approval.account
    access = grants.new_access(approval.client_id, approval, now)
    renews = service.facts.gives_refresh(service.switches)
    refresh = grants.new_refresh(approval, since, public=public) if renews else None
    return {
        "name": account.name,
        "id": account.id,
        "account_id": account.account_id,
        "access_token": access.value,
        "refresh_token": refresh.value if refresh else None,
        "expires_in": None if access.expires_at is None else int((access.expires_at - now).total_seconds()),
        "scope": " ".join(sorted(approval.scopes)),
    }


@on(
    "POST",
    "/grants/revoke",
    "",
    'what fans do in their account: {"service", "names": [] or "all": true, "client_id"}',
)
def revoke(ask: Ask) -> dict[str, Any]:
    data = ask.only("service", "names", "all", "client_id")
    service = ask.service(data.get("service"))
    if data.get("all") is True:
        accounts = list(service.accounts.values())
    else:
        accounts = [user_named(service, name) for name in texts(data.get("names"), "names")]
    return {"revoked": sum(service.grants.revoke(account, data.get("client_id")) for account in accounts)}
