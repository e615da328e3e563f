"""The Provider protocol: what Upbeat may ask of a streaming service, and what comes back.

Nothing here raises for what a service may answer: a call returns its value or an `Outcome` that says why there is
none. Tokens are arguments, never state: one provider object serves every fan at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from upbeat.core.outcome import Outcome


class Token:
    """A secret that prints as `***`. `reveal()` is called where it goes into a request or a seal, nowhere else.

    `errand` names what it is carried for just now, the same when that is tried again: a service that knows repeats by
    a key is told it. Empty: nothing that could be repeated.
    """

    __slots__ = ("_secret", "errand")

    def __init__(self, secret: str, errand: str = "") -> None:
        self._secret = secret
        self.errand = errand

    def on(self, errand: str) -> "Token":
        """The same secret, carried for this errand."""
        return Token(self._secret, errand)

    def reveal(self) -> str:
        return self._secret

    def __repr__(self) -> str:
        return "Token(***)"

    __str__ = __repr__


class Action(StrEnum):
    """What may be done for a fan."""

    SAVE = "save"
    FOLLOW = "follow"
    PLAYLIST = "playlist"
    REMIND = "remind"
    """Not by a streaming service: by e-mail or push."""


class Kind(StrEnum):
    """What a link of a streaming service may point to."""

    ALBUM = "album"
    TRACK = "track"
    ARTIST = "artist"
    PLAYLIST = "playlist"
    USER = "user"


class Asks(StrEnum):
    """How a service asks the fan for permission."""

    REDIRECT = "redirect"
    """On a page of its own that leads back with a code (OAuth)."""
    MUSICKIT = "musickit"
    """By MusicKit JS on our page, which hands over a user token."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What an app may spend in a day, in the service's units. It starts afresh at midnight in `zone`."""

    a_day: int
    zone: str
    costs: dict[Action, int]
    """What one call of an action costs; a new playlist as much as each track in it."""
    look: int
    """What a call costs that changes nothing."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a service can do: the page, the engine and the checks read this and never ask for a name."""

    scopes: dict[Action, tuple[str, ...]]
    """The permissions an action needs. PLAYLIST covers listing, creating and adding."""
    base_scopes: tuple[str, ...]
    """Asked for with every grant (identity, acting later)."""
    follow_kinds: frozenset[Kind]
    follow_now: bool
    """True: follows happen on COMPLETE (S7). False: the release's artist is followed on the day (S27)."""
    grant_life: timedelta | None
    """How long after consent a grant dies for good; None means never."""
    rotates: bool
    """Whether renewing makes the old refresh token worthless."""
    rate: float
    """Calls per second to begin with, and `max_rate` at the most."""
    max_rate: float
    follow_scopes: dict[Kind, tuple[str, ...]] = field(default_factory=dict)
    """What following this kind needs besides `scopes[Action.FOLLOW]`."""
    read_scopes: tuple[str, ...] = ()
    """What reading a save back needs besides `scopes[Action.SAVE]`."""
    adds_repeat_safely: bool = False
    """Whether a repeated playlist add leaves one copy."""
    writes_playlists_whole: bool = False
    """Whether an add puts the whole list back: two at once to one playlist would lose one's tracks."""
    adds_at_once: int = 1000
    """How many tracks one call of `add_tracks` is given."""
    asks: Asks = Asks.REDIRECT
    """How the fan's permission is asked."""
    unrenewed_life: timedelta | None = None
    """What a grant lives that came without a refresh token, where that may happen; None: what `grant_life` says."""
    brings_refresh: bool = True
    """Whether a grant is expected to be renewable. False: `unrenewed_life` is what to count on until one was seen."""
    finds_by: frozenset[str] = frozenset({"upc", "isrc"})
    """The codes its catalogue can be asked by. Empty: the release's link must be pasted."""
    looks_up_without_credential: bool = False
    """Whether its catalogue answers an installation that has no app there."""
    likes: bool = False
    """Whether a save is a like of one song, because the service keeps no albums."""
    budget: Budget | None = None
    """What an app may spend in a day, where the service counts that and not calls per second."""
    knows_accounts: bool = True
    """Whether it says whose grant it is. False: the token is the account, so a new one looks like a new account."""
    second_word: timedelta = timedelta(seconds=30)
    """How long after its first word against a grant a second one says something new."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What the token endpoint gave. `expires_in` None: the access token does not run out."""

    access: Token
    refresh: Token | None
    expires_in: timedelta | None
    scopes: frozenset[str]
    life: timedelta | None = None
    """How long it lives at the most, where the service says so with it; None: as its capabilities say."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whose grant it is: the service's own immutable key, and a name to show to nobody but the fan."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Entity:
    """Something a fan may follow, or a search result."""

    service: str
    kind: Kind
    id: str
    name: str = ""
    image_url: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A release as a service's catalogue has it."""

    service: str
    kind: Kind
    id: str
    url: str
    title: str
    artist: str
    artist_id: str
    upc: str = ""
    isrc: str = ""
    track_ids: tuple[str, ...] = field(default=())
    """In order; ids as the service's own `add_tracks` takes them."""
    track_count: int = 0
    release_date: date | None = None
    cover_url: str = ""


@dataclass(frozen=True, slots=True)
class Playlist:
    """A playlist the fan owns and may add to."""

    id: str
    name: str
    size: int = 0


class PageToken(Protocol):
    """A service that asks on our own page (`Asks.MUSICKIT`), by a script of its own."""

    def page_token(self, origin: str) -> Token | Outcome:
        """What that script proves us with, good on the pages of this origin. Public by nature, hours long."""


class Catalogue(Protocol):
    """What can be looked up at one service. Most need the installation's credential for it, none needs a fan's."""

    name: str
    label: str

    async def look_up(self, *, upc: str = "", isrc: str = "") -> Found | Outcome | None:
        """The release by its code, or None while the catalogue does not show it."""

    async def release(self, kind: Kind, id: str) -> Found | Outcome | None:
        """The album or track with this id, tracks included."""

    async def entity(self, kind: Kind, id: str) -> Entity | Outcome | None:
        """Name and picture of something to follow."""

    async def search(self, kind: Kind, text: str) -> list[Entity] | Outcome:
        """Up to ten, best first."""

    async def close(self) -> None: ...


class Provider(Catalogue, Protocol):
    """One streaming service. Its client keeps the installation's credential and the HTTP door, nothing of a fan."""

    capabilities: Capabilities

    @property
    def clock_difference(self) -> float | None:
        """How far the service's clock is ahead of this machine's, in seconds, by its latest answers; good to one."""

    def authorize_url(
        self, *, redirect_uri: str, state: str, scopes: Sequence[str], challenge: str, ask_again: bool = False
    ) -> str:
        """Where the fan is sent. `challenge` is the S256 PKCE challenge (ignored where the dialect has none)."""

    async def exchange(self, *, code: str, redirect_uri: str, verifier: str) -> Grant | Outcome: ...

    async def renew(self, refresh: Token) -> Grant | Outcome:
        """A fresh access token. `Grant.refresh` is the token to keep from now on (the old one where none came)."""

    async def who(self, access: Token) -> Account | Outcome: ...

    async def save(self, access: Token, release: Found) -> Outcome: ...

    async def is_saved(self, access: Token, release: Found) -> bool | Outcome: ...

    async def follow(self, access: Token, entity: Entity) -> Outcome: ...

    async def playlists(self, access: Token) -> list[Playlist] | Outcome:
        """The fan's own, newest first, at most 200."""

    async def create_playlist(self, access: Token, name: str) -> Playlist | Outcome: ...

    async def playlist_tracks(self, access: Token, playlist_id: str) -> list[str] | Outcome:
        """The track ids in it, in order, comparable with `Found.track_ids`."""

    async def add_tracks(self, access: Token, playlist_id: str, track_ids: Sequence[str]) -> Outcome:
        """Append, in order. Not safe to repeat unless `capabilities.adds_repeat_safely`."""

    async def credential(self) -> Outcome:
        """Whether the service still knows this installation: done; or LATER, `app_refused` where it does not accept
        the id and secret. One call of the token endpoint, and nothing of a fan."""
