"""The `fields` filter of the playlist calls: `items(item(uri)),next`, `items.item.name`, `!tracks`."""

from typing import Any

from upbeat_sandbox.spotify.answers import refuse

Tree = dict[str, Any]


def narrowed(data: Any, fields: str | None) -> Any:
    """Only the wanted fields of `data`; all of them if none are named. 400 if the filter cannot be read."""
    if not fields:
        return data
    tree, rest = read(fields.replace(" ", ""))
    if rest:
        raise refuse(400, "Invalid fields")
    return picked(data, tree)


def read(text: str) -> tuple[Tree, str]:
    """Reads a comma list up to its end or a closing bracket; gives back the tree and what is left."""
    tree: Tree = {}
    while True:
        name, text = word(text)
        branch = tree
        while text.startswith("."):
            branch = branch.setdefault(name, {})
            name, text = word(text[1:])
        inner: Tree = branch.setdefault(name, {})
        if text.startswith("("):
            found, text = read(text[1:])
            if not text.startswith(")"):
                raise refuse(400, "Invalid fields")
            inner.update(found)
            text = text[1:]
        if not text.startswith(","):
            return tree, text
        text = text[1:]


def word(text: str) -> tuple[str, str]:
    end = next((index for index, letter in enumerate(text) if letter in ".,()"), len(text))
    if not end:
        raise refuse(400, "Invalid fields")
    return text[:end], text[end:]


def picked(data: Any, tree: Tree) -> Any:
    if isinstance(data, list):
        return [picked(one, tree) for one in data]
    if not isinstance(data, dict) or not tree:
        return data
    unwanted = {name[1:] for name in tree if name.startswith("!")}
    if unwanted:
        return {name: value for name, value in data.items() if name not in unwanted}
    return {name: picked(data[name], inner) for name, inner in tree.items() if name in data}
