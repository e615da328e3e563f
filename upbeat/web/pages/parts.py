"""What the pages of `view` are made of, as plain frozen values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from upbeat.campaigns.palette import Palette

Verb = Literal["pre-save", "pre-add", "pre-order", "remind", "notify", "play", "listen", "buy"]
"""What a tap on a row does, in a word the page prints."""
Pill = Literal["solid", "ring", "outline"]
"""Solid gives the music (pre-save, pre-add, play); ring is a second way (remind, other services); outline a shop."""
Note = Literal["", "done", "not_open", "app_refused", "down"]
Kind = Literal["album", "ep", "single"]


@dataclass(frozen=True, slots=True)
class Cover:
    """The artist's cover in three sizes (addresses), its own width in pixels and its colours."""

    small: str
    """At most 480 pixels wide."""
    medium: str
    """At most 960."""
    large: str
    """At most 1400."""
    width: int
    palette: Palette


@dataclass(frozen=True, slots=True)
class Sleeve:
    """What every page of a campaign shares."""

    language: str
    """The fan's, as in `words.LANGUAGES`; an unknown one is shown in English."""
    title: str
    artist: str
    home: str
    """The campaign's page, as a path: where "Not now" leads."""
    url: str
    """The same as a whole URL: canonical, and what is shared."""
    cover: Cover | None
    """None (a draft without an upload): a plain page in grey."""
    kind: Kind = "album"
    imprint_name: str = ""
    """Who answers for the page, at its foot: the label, or the artist."""
    privacy_url: str = ""
    imprint_url: str = ""
    receipt_url: str = ""
    """This fan's own receipt; empty for everybody else."""
    title_language: str = ""
    """The title's own language where it is not the page's."""
    origin: str = ""
    """"https://listen.example": what makes the cover's address a whole URL for other sites' previews."""
    sandbox: bool = False
    """The page says that no real service is asked."""
    jump_url: str = ""
    """In the demo only: where the "Jump to the release" form is sent."""
    own_time: Literal["", "near", "mixed"] = ""
    """Of a local release that is near, or out for some: the page asks the browser for its time zone."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as one place's clocks show it.

    `zone` is an IANA name. `yours`: it is the fan's own zone (their browser said so); else the script puts the fan's
    own time in its place and, without script, the page names the place.
    """

    at: datetime
    zone: str
    yours: bool = False


@dataclass(frozen=True, slots=True)
class DateLine:
    """The progress line from the announcement to the release. The script counts; without it the time is named."""

    opens: Moment
    announced_at: datetime
    remind_url: str = ""
    """Where "Remind me" leads; empty: no such pill."""
    reminded: bool = False
    """This fan's reminder stands, and that is where it leads."""
    local: bool = False
    """Out when each fan's own clock shows `opens`, which then is that reading written as if it were UTC."""


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One line of the list: a service, or a shop.

    `service` keys the drawn mark ("spotify", "apple_music", "deezer", "tidal", "itunes", …); a key without a mark gets
    its first letter, "" (a store) the bag.
    """

    service: str
    name: str
    verb: Verb
    url: str
    """The sheet of a pre-save, a reminder, or a counted click. Empty: switched off, `note` says why."""
    pill: Pill = "solid"
    opens_sheet: bool = False
    """The address answers with a page that holds a dialog: the script shows that in place."""
    note: Note = ""
    """`done`: pre-saved already, the row leads to the fan's own page. The others say why it is one rung down."""
    reason: str = ""
    """Why the row is off, in words already of the page's language."""
    also_remind_url: str = ""
    """Of a row that leads to the service's own page: a reminder as well, beside it and never in its way."""


News = Literal[
    "cancelled",
    "not_open",
    "app_refused",
    "down",
    "no_subscription",
    "no_channel",
    "too_short",
    "blocked",
    "expired",
    "try_again",
    "withheld",
    "other_account",
    "twice",
    "reminder_sent",
    "saved",
]
"""What became of a trip. `not_open`: 403 for accounts that are not on the service's list. `withheld`: the permission
lacked what a save needs. `other_account`: the second trip came back with another account."""


@dataclass(frozen=True, slots=True)
class NewsBand:
    """The band that tells it, with up to two ways on."""

    news: News
    service: str
    label: str
    """The service's name for people."""
    again_url: str = ""
    """"Try again"."""
    remind_url: str = ""
    native_url: str = ""
    """The service's own page, where the next rung down is that."""


@dataclass(frozen=True, slots=True)
class FollowRow:
    """Somebody the fan may follow. `key` is the value of the form's `follow`."""

    key: str
    name: str
    kind: Literal["artist", "playlist", "user"]
    image: str = ""
    """Address on this installation; empty: the first letter."""
    ticked: bool = True


@dataclass(frozen=True, slots=True)
class PlaylistPart:
    """ "Add to a playlist": No, One of mine, New.

    `mine` None: the permission does not show the fan's playlists yet, and the form has a button for it
    (`do=playlists`).
    """

    chosen: Literal["no", "mine", "new"] = "no"
    mine: tuple[tuple[str, str], ...] | None = None
    """Id and name of each playlist of the fan's own."""
    picked: str = ""
    """The id chosen before."""
    name: str = ""
    error: str = ""
    """In words of the page's language; belongs to the choice made."""
    asks: bool = True
    """A playlist needs another trip to the service."""


@dataclass(frozen=True, slots=True)
class ConsentPart:
    """The consent to e-mail. Never ticked by us; its words are `words.consent(language, artist)`."""

    ticked: bool = False
    """Only where the fan ticked it and something else was wrong."""
    email: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Extras:
    """The form after a success, sent (POST) to `action` with:

    `follow` (each key approved) · `playlist` (no, mine, new) · `playlist_id` · `playlist_name` · `consent` (yes) ·
    `email` · `zone` · `do` (complete, or playlists: "Show my playlists").
    """

    action: str
    follows: tuple[FollowRow, ...] = ()
    playlist: PlaylistPart | None = None
    consent: ConsentPart | None = None
    follow_asks: bool = False
    """Follows need another trip (the strict way)."""
    editing: bool = False
    """The follow list starts open."""


@dataclass(frozen=True, slots=True)
class DoneLine:
    """What we will do, or did. `name` is the music, the playlist, the followed names, or the artist for `email`."""

    what: Literal["library", "playlist", "new_playlist", "follow", "email"]
    name: str
    state: Literal["on_the_day", "working", "done", "not_done"] = "on_the_day"
    reason: str = ""
    """With `not_done`: why, in words of the page's language."""


@dataclass(frozen=True, slots=True)
class Yours:
    """8b: the fan's own service, first. `play_url` empty: the service does not show the release yet."""

    service: str
    label: str
    state: Literal["in_library", "on_the_way", "reconnect", "refused"]
    play_url: str = ""
    reconnect_url: str = ""
    """With `reconnect`: where the button's form is sent (POST)."""
