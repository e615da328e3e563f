"""openapi.tidal.com: "My Collection": what a fan has saved and whom they follow."""

from collections.abc import Callable
from typing import Any

from upbeat_sandbox.call import Call, Reply
from upbeat_sandbox.clock import iso
from upbeat_sandbox.people import Account
from upbeat_sandbox.tidal.bodies import Named, added_at, identifiers
from upbeat_sandbox.tidal.documents import document, here, refuse
from upbeat_sandbox.tidal.gate import sort_key
from upbeat_sandbox.tidal.music import one, related
from upbeat_sandbox.tidal.relations import RELATIONS, Link
from upbeat_sandbox.tidal.resources import COLLECTIONS, Thing, shelf_of
from upbeat_sandbox.tidal.standing import STANDING
from upbeat_sandbox.tidal.table import table

MOST = 50
READ, WRITE = "collection.read r_usr", "collection.write w_usr"
Key = Callable[[Link], Any]
ADDED: dict[str, Key] = {"addedAt": lambda link: link[1]["addedAt"]}
NAME: dict[str, Key] = {"name": lambda link: link[0].item.name.casefold()}
TITLE: dict[str, Key] = {"title": lambda link: link[0].item.title.casefold()}
ARTIST: dict[str, Key] = {"artists.name": lambda link: link[0].item.artists[0].name.casefold()}
SORTS: dict[str, dict[str, Key]] = {
    "userCollectionAlbums": ADDED | ARTIST | TITLE | {"releaseDate": lambda link: link[0].item.release_date},
    "userCollectionTracks": ADDED
    | ARTIST
    | TITLE
    | {
        "albums.title": lambda link: link[0].item.album.title.casefold(),
        "duration": lambda link: link[0].item.duration_ms,
    },
    "userCollectionArtists": ADDED | NAME,
    "userCollectionPlaylists": ADDED
    | NAME
    | {
        "lastModifiedAt": lambda link: max(
            [link[0].item.created_at, *(e.added_at for e in link[0].item.entries)]
        )
    },
}
EXTRA = {"userCollectionPlaylists": "collectionView"}


def whose(call: Call) -> Account:
    """The fan whose collection it is: `me`, or their own id; nobody else's is there."""
    if call.path_values["id"] not in ("me", call.account.id):
        raise refuse(404)
    return call.account


def collection_at(call: Call, name: str) -> Thing:
    account = whose(call)
    return Thing(name, account.id, account)


def listed(call: Call, name: str) -> Reply:
    """The items, newest first unless asked otherwise."""
    if call.query.get("collectionView", "FLAT") not in ("FLAT", "FOLDERS"):
        raise refuse(400, "collectionView is FLAT or FOLDERS", parameter="collectionView")
    thing, (key, backwards) = collection_at(call, name), sort_key(call, SORTS[name], "-addedAt")
    links = RELATIONS[name]["items"](call, thing)
    if "sort" in call.query:
        links = sorted(links, key=key, reverse=backwards)
    return related(call, thing, "items", links)


def add(call: Call, name: str) -> Reply:
    """What is there already, and what is not to be found, is skipped and named."""
    account, type_name = whose(call), items_of(name)
    wanted = identifiers(call, (type_name,), MOST)
    times = [added_at(named, call.now, place) for place, named in enumerate(wanted)]
    shelf, added, skipped = shelf_of(account, name), list[dict[str, Any]](), list[dict[str, Any]]()
    things = [STANDING[type_name](call, named.id) for named in wanted]
    fresh = [thing for thing in things if thing is not None and thing.item not in shelf]
    check_room(call, account, name, len(fresh))
    for named, thing, moment in zip(wanted, things, times, strict=True):
        if thing is None or not account.keep(shelf, thing.item, moment):
            reason = "NOT_FOUND" if thing is None else "ALREADY_PRESENT"
            skipped.append({"id": named.id, "type": named.type, "reason": reason})
            continue
        added.append({"id": thing.id, "type": thing.type, "meta": {"addedAt": iso(moment)}})
    note(call, name, wanted, "save", "follow")
    meta = {"meta": {"skipped": skipped}} if skipped else {}
    return document({"data": added, "links": {"self": here(call)}} | meta)


def take_out(call: Call, name: str) -> Reply:
    account, type_name = whose(call), items_of(name)
    wanted, shelf = identifiers(call, (type_name,), MOST), shelf_of(account, name)
    for named in wanted:
        thing = STANDING[type_name](call, named.id)
        if thing is not None:
            shelf.pop(thing.item, None)
    note(call, name, wanted, "remove", "unfollow")
    return document({"links": {"self": here(call)}})


def check_room(call: Call, account: Account, name: str, more: int) -> None:
    limit = call.service.switches["library_limit"]
    if limit is None or not more or name not in ("userCollectionAlbums", "userCollectionTracks"):
        return
    if sum(map(len, account.saved.values())) + more > limit:
        raise refuse(409, "Collection item limit reached", code="TOO_MANY_ITEMS_IN_COLLECTION")


def note(call: Call, name: str, wanted: list[Named], saved: str, followed: str) -> None:
    """For the ledger of the fan."""
    kind = items_of(name).removesuffix("s")
    what = saved if kind in call.account.saved else followed
    call.account.acts += [(call.now, what, kind, named.id) for named in wanted]


def items_of(name: str) -> str:
    return name.removeprefix("userCollection").lower()


def _routes(name: str) -> None:
    at, items = f"/v2/{name}/{{id}}", f"/v2/{name}/{{id}}/relationships/items"
    table.on("GET", at, query="locale include replaceMedia", scopes=READ, user=True)(
        lambda call: one(call, collection_at(call, name))
    )
    known = f"page[cursor] sort locale include replaceMedia {EXTRA.get(name, '')}"
    table.on("GET", items, query=known, scopes=READ, user=True)(lambda call: listed(call, name))
    table.on("POST", items, body="document", scopes=WRITE, user=True)(lambda call: add(call, name))
    table.on("DELETE", items, body="document", scopes=WRITE, user=True)(lambda call: take_out(call, name))
    table.on("GET", f"{at}/relationships/owners", query="include page[cursor]", scopes=READ, user=True)(
        lambda call: related(call, collection_at(call, name), "owners")
    )


for each in COLLECTIONS:
    _routes(each)
