"""api.music.apple.com: a fan's library. Adding is answered 202, and what cannot be added is left out without a word."""

import json
import re
from typing import Any

from upbeat_sandbox.apple_music import shelves
from upbeat_sandbox.apple_music.answers import bad, listed, not_found, page, refuse
from upbeat_sandbox.apple_music.shapes import NAME, plain
from upbeat_sandbox.apple_music.table import table
from upbeat_sandbox.call import Call, Reply
from upbeat_sandbox.catalogue import Album, Artist, Track

SHELVES: dict[str, Any] = {"albums": shelves.albums, "songs": shelves.songs, "artists": shelves.artists}
ID = re.compile(r"[A-Za-z0-9.\-]+")
ADDED = ("songs", "albums", "playlists", "music-videos")
FAVORITES = (*ADDED, "artists", "stations", "library-songs", "library-albums", "library-playlists")
RATED = [
    "songs",
    "albums",
    "playlists",
    "music-videos",
    "stations",
    "library-songs",
    "library-albums",
    "library-playlists",
    "library-music-videos",
]
COUNTRIES = {"DE": ("Germany", "de-DE"), "US": ("United States", "en-US"), "GB": ("United Kingdom", "en-GB")}


def wanted_ids(call: Call, kinds: tuple[str, ...]) -> list[tuple[str, str]]:
    """What `ids[albums]=1,2` and so on name; 400 if that is nothing, or no id."""
    wanted = [(kind, one) for kind in kinds for one in listed(call, f"ids[{kind}]")]
    if not wanted:
        raise refuse(400, "40001", "No ids supplied on the request", title="Invalid Request")
    for kind, one in wanted:
        if not ID.fullmatch(one):
            raise bad(f"ids[{kind}]", f"{one} is not an id")
    return wanted


@table.on("POST", "/v1/me/library", query=" ".join(f"ids[{kind}]" for kind in ADDED), user=True)
def add(call: Call) -> Any:
    account, limit = call.account, call.service.switches["library_limit"]
    if account.country.lower() in call.service.switches["unsold_in"]:
        wanted_ids(call, ADDED)
        return Reply(202)
    for word, one in wanted_ids(call, ADDED):
        kind = {"albums": "album", "songs": "track"}.get(word)
        item = call.world.catalogue.find(NAME, kind, one, call.now) if kind else None
        full = limit is not None and sum(map(len, account.saved.values())) >= limit
        if item is None or kind is None or (full and item not in account.saved[kind]):
            continue
        account.keep(account.saved[kind], item, call.now)
        account.acts.append((call.now, "save", kind, one))
    return Reply(202)


@table.on("GET", "/v1/me/library/{word}", query="ids extend include l limit offset", user=True)
def shelf(call: Call) -> Any:
    """The newest last; ids, if any are given, pick some."""
    held = _held(call)
    chosen = listed(call, "ids")
    items = [one for one in held if not chosen or shelves.library_id(call.account, one) in chosen]
    if chosen:
        return {"data": [shelves.shown(call, one, held[one]) for one in items]}
    return page(call, items, lambda one: shelves.shown(call, one, held[one]))


@table.on("GET", "/v1/me/library/{word}/{id}", query="extend include l", user=True)
def one(call: Call) -> Any:
    held = _held(call)
    found = _with_id(call, held)
    return {"data": [shelves.shown(call, found, held[found])]}


@table.on(
    "GET", "/v1/me/library/{word}/{id}/{relationship}", query="extend include l limit offset", user=True
)
def relationship(call: Call) -> Any:
    held = _held(call)
    found, name = _with_id(call, held), call.path_values["relationship"]
    if name == "catalog":
        if not call.service.switches["library_link"]:
            raise refuse(404, "40403", "No related resources found for catalog", title="No related resources")
        return {"data": [plain(call, found)]}
    items: list[Any] | None = None
    if name == "artists" and isinstance(found, Album | Track):
        items = list(found.artists)
    elif name == "tracks" and isinstance(found, Album):
        items = list(found.tracks)
    elif name == "albums" and isinstance(found, Track):
        items = [found.album]
    elif name == "albums" and isinstance(found, Artist):
        items = [one for one in shelves.albums(call) if found in one.artists]
    if items is None:
        raise bad("relationship", f"No relationship found matching '{name}'")
    return page(call, items, lambda one: shelves.shown(call, one, held[found]))


def _held(call: Call) -> dict[Any, Any]:
    word = call.path_values["word"]
    if word == "music-videos":
        return {}
    if word not in SHELVES:
        raise not_found()
    held: dict[Any, Any] = SHELVES[word](call)
    return held


def _with_id(call: Call, held: dict[Any, Any]) -> Any:
    wanted = call.path_values["id"]
    for item in held:
        if shelves.library_id(call.account, item) == wanted:
            return item
    raise not_found()


@table.on("POST", "/v1/me/favorites", query=" ".join(f"ids[{kind}]" for kind in FAVORITES), user=True)
def favorites(call: Call) -> Any:
    wanted, artists = wanted_ids(call, FAVORITES), call.service.switches["favorite_artists"]
    if artists == "refused" and any(kind == "artists" for kind, _ in wanted):
        raise bad("ids[artists]", "Unsupported resource type")
    for kind, one in wanted:
        item = call.world.catalogue.find(NAME, "artist", one, call.now) if kind == "artists" else None
        if item is not None and artists == "accepted":
            call.account.keep(call.account.followed["artist"], item, call.now)
            call.account.acts.append((call.now, "follow", "artist", one))
    return Reply(202)


@table.on("GET", "/v1/me/ratings/{kind}/{id}", query="l include", user=True)
def rating(call: Call) -> Any:
    value = ratings(call).get((_rated(call), call.path_values["id"]))
    if value is None:
        raise not_found("No rating was found")
    return _rating(call, value)


@table.on("PUT", "/v1/me/ratings/{kind}/{id}", query="l", body="json", user=True)
def rate(call: Call) -> Any:
    """1 is a like, -1 a dislike."""
    kind = _rated(call)
    try:
        value = json.loads(call.body)["attributes"]["value"]
    except (ValueError, KeyError, TypeError):
        value = None
    if value not in (1, -1) or isinstance(value, bool):
        raise bad("value", "Value must be 1 or -1")
    ratings(call)[kind, call.path_values["id"]] = value
    return _rating(call, value)


@table.on("DELETE", "/v1/me/ratings/{kind}/{id}", user=True)
def unrate(call: Call) -> Any:
    ratings(call).pop((_rated(call), call.path_values["id"]), None)
    return Reply(204)


def ratings(call: Call) -> dict[Any, Any]:
    """They lie on a shelf of their own, by kind and id."""
    return call.account.saved.setdefault("rating", {})


def _rated(call: Call) -> str:
    if call.path_values["kind"] not in RATED:
        raise bad("kind", "Unsupported resource type")
    return call.path_values["kind"]


def _rating(call: Call, value: int) -> Any:
    one = call.path_values["id"]
    return {
        "data": [{"id": one, "type": "ratings", "href": call.path, "attributes": {"value": value}}],
    }


@table.on("GET", "/v1/me/storefront", query="l", user=True)
def my_storefront(call: Call) -> Any:
    return {"data": [storefront(call.account.country)]}


@table.on("GET", "/v1/storefronts", query="l ids limit offset")
def storefronts(call: Call) -> Any:
    return page(call, list(COUNTRIES), storefront)


@table.on("GET", "/v1/storefronts/{id}", query="l")
def one_storefront(call: Call) -> Any:
    country = call.path_values["id"].upper()
    if country not in COUNTRIES:
        raise not_found()
    return {"data": [storefront(country)]}


@table.on("GET", "/v1/test")
def test(_call: Call) -> Any:
    """Where people try their developer token."""
    return Reply(200)


def storefront(country: str) -> dict[str, Any]:
    label, language = COUNTRIES.get(country, (country, "en-US"))
    return {
        "id": country.lower(),
        "type": "storefronts",
        "href": f"/v1/storefronts/{country.lower()}",
        "attributes": {
            "name": label,
            "defaultLanguageTag": language,
            "supportedLanguageTags": list(dict.fromkeys((language, "en-GB"))),
            "explicitContentPolicy": "allowed",
        },
    }
