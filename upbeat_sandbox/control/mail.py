"""Control: the letters that the mail server has taken."""

from typing import Any

from upbeat_sandbox.control.asking import Ask, on


@on("GET", "/mail", "to", "the letters, oldest first, with their text, headers and links")
def letters(ask: Ask) -> dict[str, Any]:
    wanted = ask.query.get("to")
    return {
        "letters": [
            one.as_dict() for one in ask.world.post_office.letters if wanted is None or one.to == wanted
        ]
    }


@on("DELETE", "/mail", "", "throw them away")
def empty(ask: Ask) -> dict[str, Any]:
    thrown = len(ask.world.post_office.letters)
    ask.world.post_office.letters.clear()
    return {"thrown_away": thrown}
