"""`include`: its paths, checked against what there is, and the compound documents they make."""

from typing import Any

from upbeat_sandbox.call import Call
from upbeat_sandbox.tidal.documents import PAGE, country, linked, made, refuse, values
from upbeat_sandbox.tidal.relations import HIDDEN, ONE, RELATIONS, TYPES_BEHIND, Link
from upbeat_sandbox.tidal.resources import ATTRIBUTES, Thing, artwork

Tree = dict[str, Any]
DEEPEST, MOST = 3, 10


def asked(call: Call, types: set[str], only: str = "") -> Tree:
    """The tree of the paths asked for, from resources of these types; 400 for what is not there, or too much.

    `only`: of a relationship's own document, where all paths begin with the relationship.
    """
    tree: Tree = {}
    for path in values(call, "include"):
        names = [name.rpartition(":")[2] for name in path.split(".")]
        if len(names) > DEEPEST:
            raise refuse(400, f"Include paths may be {DEEPEST} levels deep", parameter="include")
        if only and names[0] != only:
            raise unresolved(path)
        branch, here = tree, types
        for name in names:
            if not any(name in RELATIONS.get(one, {}) or name in HIDDEN.get(one, set()) for one in here):
                raise unresolved(path)
            branch = branch.setdefault(name, {})
            here = TYPES_BEHIND.get(name, set())
    if count(tree) > MOST:
        raise refuse(400, f"An include may name {MOST} resources", parameter="include")
    return tree


def unresolved(path: str) -> Exception:
    return refuse(400, f"Include path cannot be resolved: {path}", parameter="include")


def count(tree: Tree) -> int:
    return sum(1 + count(branch) for branch in tree.values())


class Compound:
    """Makes resource objects, and keeps what has to be included beside them, each once."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._included: dict[tuple[str, str], dict[str, Any]] = {}

    def shown(self, thing: Thing, tree: Tree) -> dict[str, Any]:
        """A resource object with the relationships the tree names; those for others are left out."""
        made_of = {"id": thing.id, "type": thing.type, "attributes": self.attributes(thing)}
        known = RELATIONS.get(thing.type, {})
        related = {name: self.relationship(thing, name, tree[name]) for name in tree if name in known}
        return made_of | ({"relationships": related} if related else {})

    def attributes(self, thing: Thing) -> dict[str, Any]:
        if thing.type == "artworks":
            return artwork(self._call, thing.id)
        return ATTRIBUTES[thing.type](self._call, thing.item)

    def relationship(self, thing: Thing, name: str, tree: Tree) -> dict[str, Any]:
        """Its first page, and all of that included."""
        links = RELATIONS[thing.type][name](self._call, thing)
        for other, _ in links[:PAGE]:
            self.include(other, tree)
        path = f"/{thing.type}/{thing.id}/relationships/{name}"
        query = [("countryCode", country(self._call))]
        said: dict[str, Any] = {"self": linked(path, query)}
        if len(links) > PAGE:
            cursor = made(PAGE)
            said |= {"next": linked(path, [*query, ("page[cursor]", cursor)]), "meta": {"nextCursor": cursor}}
        if name in ONE:
            return {"data": identified(links[0]) if links else None, "links": said}
        return {"data": [identified(link) for link in links[:PAGE]], "links": said}

    def include(self, thing: Thing, tree: Tree) -> None:
        key = (thing.type, thing.id)
        if key not in self._included:
            self._included[key] = {}  # first, so that what leads back here ends
            self._included[key] = self.shown(thing, tree)

    @property
    def included(self) -> list[dict[str, Any]]:
        return list(self._included.values())


def identified(link: Link) -> dict[str, Any]:
    """A resource identifier."""
    thing, meta = link
    return {"id": thing.id, "type": thing.type} | ({"meta": meta} if meta else {})
