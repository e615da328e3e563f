"""The fans of the demonstration: what each does, and what was promised to them for it."""

from dataclasses import dataclass, field

NEW_PLAYLIST = "Night drives"


@dataclass(frozen=True, slots=True)
class Promise:
    """What must be so after the release, on the service's own word."""

    saved: bool = True
    follows: int = 0
    """How many of the offered artists and playlists are followed in the end."""
    playlist: str = ""
    """The playlist that then holds every song, once, in order."""
    state: str = "delivered"
    """The headline or state our books must show; "nothing": no pre-save at all."""


@dataclass(frozen=True, slots=True)
class Role:
    """One fan's part."""

    name: str
    service: str
    does: str
    """Which of the story's acts is theirs."""
    promise: Promise
    line: str
    """Told while it happens."""
    answers: dict[str, str | None] = field(default_factory=dict)


CAST = (
    Role("Noor Haddad", "spotify", "completes", Promise(follows=4, playlist=NEW_PLAYLIST),
         "pre-saves, follows everybody offered, wants a new playlist, leaves an e-mail address",
         {"playlist": "new", "playlist_name": NEW_PLAYLIST, "consent": "yes", "email": "noor@fans.example"}),
    Role("Greta Holm", "spotify", "completes", Promise(follows=4),
         "pre-saves and follows everybody offered, a playlist among them", {"playlist": "no"}),
    Role("Jonas Lind", "spotify", "completes", Promise(follows=1),
         "pre-saves and follows only the artist", {"follow": "main", "playlist": "no"}),
    Role("Mika Salo", "spotify", "completes", Promise(follows=0),
         "pre-saves and follows nobody", {"follow": None, "playlist": "no"}),
    Role("Lea Brandt", "deezer", "completes", Promise(follows=1, playlist=NEW_PLAYLIST),
         "pre-saves on Deezer with a new playlist", {"playlist": "new", "playlist_name": NEW_PLAYLIST}),
    Role("Otis Grey", "deezer", "leaves", Promise(follows=1), "pre-saves on Deezer and puts the phone away"),
    Role("Tomas Ruiz", "spotify", "refuses", Promise(saved=False, state="nothing"),
         "is asked for permission and says no"),
    Role("Ines Vidal", "spotify", "leaves", Promise(), "pre-saves and leaves before COMPLETE"),
    Role("Pavel Novy", "spotify", "replays", Promise(), "comes back twice with the same callback"),
    Role("Yuki Arai", "spotify", "revokes", Promise(saved=False, state="needs_fan"),
         "pre-saves, then takes the permission back at the service"),
    Role("Sam Okoro", "deezer", "doubles", Promise(follows=1), "pre-saves from two phones at once"),
)  # fmt: skip

_FIRST = ("Ada", "Ben", "Cleo", "Dara", "Emre", "Fay", "Gus", "Hana", "Ivo", "Jun")
_LAST = ("Abel", "Berg", "Cruz", "Dahl", "Falk", "Grau", "Holm", "Ito", "Kaya", "Lund", "Meyer", "Orr")


def crowd(number: int) -> list[tuple[str, str]]:
    """Name and service of so many fans, no name twice."""
    names = [f"{first} {last}" for last in _LAST for first in _FIRST]
    return [(name, "deezer" if place % 3 == 2 else "spotify") for place, name in enumerate(names[:number])]
