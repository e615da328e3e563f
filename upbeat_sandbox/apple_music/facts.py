"""What the rest of the sandbox has to know of Apple Music."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from upbeat_sandbox import ids
from upbeat_sandbox.apple_music import keys
from upbeat_sandbox.facts import Facts
from upbeat_sandbox.switches import Known, flag, one_of, positive, seconds, texts

if TYPE_CHECKING:
    from upbeat_sandbox.grants import Client

USER_TOKEN_LIFE = timedelta(days=180)
SWITCHES: Known = {
    "window_seconds": (1, positive, "length of the rolling window"),
    "no_subscription": ([], texts, "names of fans without a subscription: 401 on what is theirs"),
    "terms_open": ([], texts, "names of fans who have not agreed to the current terms: 403"),
    "unsold_in": (
        [],
        texts,
        "storefronts (two letters) where nothing is shown; a save from there is taken and ignored",
    ),
    "favorite_artists": (
        "accepted",
        one_of("accepted", "refused", "ignored"),
        "ids[artists] in POST /v1/me/favorites",
    ),
    "lookup_titles": (
        [],
        texts,
        "`UPC=title`: what the open look-up (itunes.apple.com) calls a release instead",
    ),
    "library_link": (
        True,
        flag,
        "whether the library knows which catalogue album it holds; without, `catalog` and `library` are empty",
    ),
    "late_seconds": (0, seconds, "how long after a save or a new playlist it shows up"),
    "token_each_time": (False, flag, "whether MusicKit brings a new user token on every authorize()"),
}


def new_id(kind: str, *words: object) -> str:
    """Ten digits for music, `p.` and fifteen signs for a playlist of a fan's, digits for an account."""
    if kind == "playlist":
        return f"p.{ids.base62(ids.number_from('apple playlist', *words), 15)}"
    return str(1_000_000_000 + ids.number_from("apple", kind, *words) % 900_000_000)


def new_client_id(*words: object) -> str:
    """A team."""
    return keys.ten_signs("team", *words)


def url(kind: str, item: Any) -> str:
    word = {"track": "song"}.get(kind, kind)
    return f"https://music.apple.com/us/{word}/{slug(item)}/{ids.of(item, 'apple_music')}"


def slug(item: Any) -> str:
    name = getattr(item, "title", None) or item.name
    letters = "".join(sign if sign.isalnum() else " " for sign in name.casefold())
    return "-".join(letters.split()) or "_"


def credential(client: "Client") -> dict[str, str]:
    """What an operator has: the team, the key's id, and the key (.p8)."""
    return {"team_id": client.id, "key_id": keys.key_id(client), "private_key": client.secret}


def access_life(_scopes: frozenset[str]) -> timedelta | None:
    return USER_TOKEN_LIFE


FACTS = Facts(
    name="apple_music",
    label="Apple Music",
    hosts=("api", "authorize", "js-cdn", "www", "itunes"),
    real_hosts=(".apple.com",),
    site="www",
    endpoints={
        "api_url": "/apple_music/api",
        "musickit_url": "/apple_music/js-cdn/musickit/v3/musickit.js",
        "authorize_url": "/apple_music/authorize/woa",
        "open_url": "/apple_music/www",
        "lookup_url": "/apple_music/itunes",
    },
    new_id=new_id,
    new_client_id=new_client_id,
    new_secret=keys.private_key,
    credential=credential,
    url=url,
    scopes={"library": "See, change and add to your library and playlists"},
    switches=SWITCHES,
    always_granted=frozenset({"library"}),
    access_life=access_life,
    gives_refresh=lambda _switches: False,
    until="This permission ends by itself about six months from now.",
)
