"""openapi.tidal.com: playlists, and the lines in them."""

from typing import Any

from upbeat_sandbox.call import Call, Reply
from upbeat_sandbox.catalogue import Track, matches
from upbeat_sandbox.clock import iso, read_moment
from upbeat_sandbox.people import Entry, Playlist
from upbeat_sandbox.tidal.bodies import attributes, body, identifiers
from upbeat_sandbox.tidal.documents import document, here, refuse, values
from upbeat_sandbox.tidal.gate import require, sort_key
from upbeat_sandbox.tidal.include import Compound
from upbeat_sandbox.tidal.music import COMMON, by_ids, chosen, found, many, one, related
from upbeat_sandbox.tidal.relations import RELATIONS, Link
from upbeat_sandbox.tidal.resources import Thing, item_id, playlist_of, touched
from upbeat_sandbox.tidal.standing import STANDING
from upbeat_sandbox.tidal.table import table

WRITE = "playlists.write w_usr"
MOST_ADDED, MOST_MOVED = 50, 20
CHANGEABLE: dict[str, tuple[type, tuple[str, ...]]] = {
    "name": (str, ()),
    "description": (str, ()),
    "accessType": (str, ("PUBLIC", "UNLISTED")),
}
SORTS = {
    "createdAt": lambda thing: thing.item.created_at,
    "lastModifiedAt": lambda thing: touched(thing.item),
    "name": lambda thing: thing.item.name.casefold(),
}
ITEM_SORTS = {
    "itemIndex": lambda numbered: numbered[0],
    "addedAt": lambda numbered: numbered[1][1]["addedAt"],
    "title": lambda numbered: numbered[1][0].item.title.casefold(),
    "duration": lambda numbered: numbered[1][0].item.duration_ms,
    "albums.title": lambda numbered: numbered[1][0].item.album.title.casefold(),
    "artists.name": lambda numbered: numbered[1][0].item.artists[0].name.casefold(),
}


@table.on(
    "GET",
    "/v2/playlists",
    query=f"{COMMON} sort page[cursor] filter[id] filter[owners.id] filter[collaborators.id]",
)
def playlists(call: Call) -> Any:
    """One's own need a fan's token; any public one can be had by its id."""
    used = chosen(call, "filter[id]", "filter[owners.id]", "filter[collaborators.id]")
    key, backwards = sort_key(call, SORTS, "-createdAt")
    things = by_ids(call, "playlists") if used == "filter[id]" else owned(call, used)
    return many(call, "playlists", sorted(things, key=key, reverse=backwards))


def owned(call: Call, used: str) -> list[Thing]:
    account = call.about()
    if account is None and "me" in values(call, used):
        raise refuse(400, "me needs a user's token", parameter=used)
    if account is not None:
        require(call, "playlists.read", "r_usr")
    owners = {account.id if one == "me" and account else one for one in values(call, used)}
    if used == "filter[collaborators.id]":
        return []
    return [
        playlist_of(one)
        for one in call.service.playlists.values()
        if one.owner.id in owners and not one.deleted and (one.public or one.owner is account)
    ]


@table.on("POST", "/v2/playlists", body="document", scopes=WRITE, user=True)
def make_playlist(call: Call) -> Any:
    wanted = attributes(call, CHANGEABLE | {"createdAt": (str, ())})
    if not wanted.get("name", "").strip():
        raise refuse(400, "A playlist needs a name", pointer="/data/attributes/name")
    made = call.service.new_playlist(
        call.account,
        wanted["name"],
        moment(wanted["createdAt"]) if "createdAt" in wanted else call.now,
        description=wanted.get("description", ""),
        public=wanted.get("accessType", "PUBLIC") == "PUBLIC",
    )
    call.account.acts.append((call.now, "create", "playlist", made.id))
    return said(call, made, 201)


def moment(text: str) -> Any:
    try:
        return read_moment(text)
    except ValueError:
        pointer = "/data/attributes/createdAt"
        raise refuse(400, "createdAt is an ISO 8601 date-time", pointer=pointer) from None


def said(call: Call, playlist: Playlist, status: int) -> Reply:
    shown = Compound(call).shown(playlist_of(playlist), {})
    return document({"data": shown, "links": {"self": f"/playlists/{playlist.id}"}}, status)


@table.on("GET", "/v2/playlists/{id}", query=COMMON)
def one_playlist(call: Call) -> Any:
    return one(call, found(call, "playlists", call.path_values["id"]))


def mine(call: Call) -> Playlist:
    """The playlist in the path, for its owner: to all others it is not there to be changed."""
    thing = found(call, "playlists", call.path_values["id"])
    playlist: Playlist = thing.item
    if playlist.owner is not call.account:
        raise refuse(404)
    return playlist


@table.on("PATCH", "/v2/playlists/{id}", body="document", scopes=WRITE, user=True)
def change_playlist(call: Call) -> Any:
    """What is left out stays; a null empties the description."""
    playlist, data = mine(call), body(call).get("data")
    if not isinstance(data, dict) or data.get("id") != playlist.id:
        raise refuse(400, "data.id must be that of the playlist", pointer="/data/id")
    given = data.get("attributes")
    cleared = isinstance(given, dict) and "description" in given and given["description"] is None
    known = CHANGEABLE | ({"description": (type(None), ())} if cleared else {})
    wanted = attributes(call, known)
    if "name" in wanted and not wanted["name"].strip():
        raise refuse(400, "A playlist needs a name", pointer="/data/attributes/name")
    playlist.name = wanted.get("name", playlist.name)
    playlist.description = (
        (wanted.get("description") or "") if "description" in wanted else playlist.description
    )
    if "accessType" in wanted:
        playlist.public = wanted["accessType"] == "PUBLIC"
    return said(call, playlist, 200)


@table.on("DELETE", "/v2/playlists/{id}", scopes=WRITE, user=True)
def delete_playlist(call: Call) -> Any:
    playlist = mine(call)
    playlist.deleted = True
    call.account.followed["playlist"].pop(playlist, None)
    call.account.acts.append((call.now, "delete", "playlist", playlist.id))
    return document({"links": {"self": here(call)}})


for name in RELATIONS["playlists"]:
    if name != "items":

        def _show(call: Call, relation: str = name) -> Reply:
            return related(call, found(call, "playlists", call.path_values["id"]), relation)

        table.on("GET", f"/v2/playlists/{{id}}/relationships/{name}", query=f"{COMMON} page[cursor]")(_show)

ITEMS = "/v2/playlists/{id}/relationships/items"


@table.on("GET", ITEMS, query=f"{COMMON} page[cursor] sort filter[query]")
def items(call: Call) -> Any:
    """In the playlist's order unless asked otherwise."""
    thing = found(call, "playlists", call.path_values["id"])
    links = RELATIONS["playlists"]["items"](call, thing)
    words = call.query.get("filter[query]", "")
    kept = [link for link in links if matches(words, *texts(link))] if words.strip() else links
    key, backwards = sort_key(call, ITEM_SORTS, "itemIndex")
    numbered = sorted(enumerate(kept), key=key, reverse=backwards)
    return related(call, thing, "items", [link for _, link in numbered])


def texts(link: Link) -> list[str]:
    track: Track = link[0].item
    return [track.title, *(artist.name for artist in track.artists)]


@table.on("POST", ITEMS, body="document", scopes=WRITE, user=True)
def add_items(call: Call) -> Any:
    """Appends, or puts before a line; adding what is already there makes a second line."""
    playlist, wanted = mine(call), identifiers(call, ("tracks", "videos"), MOST_ADDED)
    place = position(playlist, body(call).get("meta"))
    things = [STANDING["tracks"](call, named.id) if named.type == "tracks" else None for named in wanted]
    entries = [Entry(thing.item, call.now, call.account) for thing in things if thing is not None]
    if len(playlist.entries) + len(entries) > call.service.switches["playlist_limit"]:
        raise refuse(400, "Playlist size limit reached", pointer="/data")
    playlist.entries[place:place] = entries
    playlist.changed()
    call.account.acts.append((call.now, f"add {len(entries)}", "playlist", playlist.id))
    added = [
        {
            "id": entry.track.ids["tidal"],
            "type": "tracks",
            "meta": {"addedAt": iso(entry.added_at), "itemId": item_id(playlist, entry)},
        }
        for entry in entries
    ]
    gone = [named for named, thing in zip(wanted, things, strict=True) if thing is None]
    skipped = [{"id": named.id, "type": named.type, "reason": "NOT_FOUND"} for named in gone]
    meta = {"meta": {"skipped": skipped}} if skipped else {}
    return document({"data": added, "links": {"self": here(call)}} | meta)


def position(playlist: Playlist, meta: Any) -> int:
    """Before the line `meta.positionBefore` names; else at the end."""
    if meta is None:
        return len(playlist.entries)
    if not isinstance(meta, dict) or not isinstance(meta.get("positionBefore"), str):
        raise refuse(400, "positionBefore is an itemId", pointer="/meta/positionBefore")
    return lines_of(playlist, [meta["positionBefore"]], "/meta/positionBefore")[0]


def lines_of(playlist: Playlist, wanted: list[Any], pointer: str = "/data") -> list[int]:
    """The places of the lines with these ids; 400 where one is not there."""
    places = {item_id(playlist, entry): place for place, entry in enumerate(playlist.entries)}
    if any(one not in places for one in wanted):
        raise refuse(400, "There is no such item in the playlist", pointer=pointer)
    return [places[one] for one in wanted]


@table.on("DELETE", ITEMS, body="document", scopes=WRITE, user=True)
def take_items_out(call: Call) -> Any:
    playlist, wanted = mine(call), identifiers(call, ("tracks", "videos"), MOST_ADDED)
    gone = set(lines_of(playlist, [named.meta.get("itemId") for named in wanted]))
    playlist.entries = [entry for place, entry in enumerate(playlist.entries) if place not in gone]
    playlist.changed()
    return document({"links": {"self": here(call)}})


@table.on("PATCH", ITEMS, body="document", scopes=WRITE, user=True)
def move_items(call: Call) -> Any:
    """Takes the named lines out and puts them before another, or at the end."""
    playlist, wanted = mine(call), identifiers(call, ("tracks", "videos"), MOST_MOVED)
    places = lines_of(playlist, [named.meta.get("itemId") for named in wanted])
    meta = body(call).get("meta")
    before = playlist.entries[position(playlist, meta)] if meta is not None else None
    moved = [playlist.entries[place] for place in places]
    rest = [entry for entry in playlist.entries if entry not in moved]
    target = rest.index(before) if before in rest else len(rest)
    playlist.entries = rest[:target] + moved + rest[target:]
    playlist.changed()
    return document({"links": {"self": here(call)}})
