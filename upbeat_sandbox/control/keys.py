"""Control: the MusicKit keys that developer tokens are signed with."""

from typing import Any

from upbeat_sandbox.apple_music.keys import public_key, ten_signs
from upbeat_sandbox.control.asking import Ask, Wrong, on
from upbeat_sandbox.grants import Client


@on(
    "POST",
    "/apple_music/keys",
    "",
    'register a key of your own: {"team_id", "key_id", "public_key": PEM of a P-256 key, "name"}',
)
def register(ask: Ask) -> dict[str, Any]:
    """A team that is known gets this key in place of its own."""
    data = ask.only("team_id", "key_id", "public_key", "name")
    pem = data.get("public_key")
    try:
        public_key(pem if isinstance(pem, str) else "")
    except ValueError as problem:
        raise Wrong(f"public_key is no PEM of a key on the curve P-256: {problem}") from None
    team, key = _ten(data, "team_id"), _ten(data, "key_id")
    grants = ask.service("apple_music").grants
    client = Client(team, str(pem), str(data.get("name", "An application")), key_id=key)
    grants.clients[team] = client
    return {"service": "apple_music", "team_id": team, "key_id": key, "name": client.name, "created": True}


def _ten(data: dict[str, Any], name: str) -> str:
    value = data.get(name, ten_signs(name, data.get("public_key")))
    if not isinstance(value, str) or len(value) != 10 or not value.isalnum():
        raise Wrong(f"{name} has ten letters and digits")
    return value
