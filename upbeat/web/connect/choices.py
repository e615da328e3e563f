"""What a fan chooses before COMPLETE: as the form says it, as a second trip carries it, and what is wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from upbeat.campaigns.setup import plain

LONGEST_NAME = 100
"""Signs of a playlist's name (Spotify's own limit)."""
LONGEST_EMAIL = 254

Form = dict[str, list[str]]


WhichPlaylist = Literal["no", "mine", "new"]


@dataclass(frozen=True, slots=True)
class Choices:
    """The targets to follow, and the playlist: "no", "mine" (`playlist_id`) or "new" (`name`)."""

    follows: tuple[int, ...] = ()
    playlist: WhichPlaylist = "no"
    playlist_id: str = ""
    name: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "follows": list(self.follows),
            "playlist": self.playlist,
            "playlist_id": self.playlist_id,
            "name": self.name,
        }

    @property
    def playlist_trouble(self) -> str:
        """What is wrong with the playlist, as a key of `mistakes`; "" if nothing is."""
        if self.playlist == "mine" and not self.playlist_id:
            return "playlist_missing"
        if self.playlist == "new" and not self.name:
            return "name_missing"
        return "name_long" if self.playlist == "new" and len(self.name) > LONGEST_NAME else ""


def of_json(kept: dict[str, Any]) -> Choices:
    return Choices(
        tuple(kept.get("follows", ())),
        kept.get("playlist", "no"),
        kept.get("playlist_id", ""),
        kept.get("name", ""),
    )


def of_form(form: Form, *, offered: Iterable[int], offers_playlist: bool) -> Choices:
    """The choices in a form. What the page did not offer was not chosen, whatever the form says."""
    ticked = set(form.get("follow", []))
    follows = tuple(one for one in offered if str(one) in ticked)
    playlist = _first(form, "playlist")
    if not offers_playlist or playlist not in ("mine", "new"):
        return Choices(follows)
    if playlist == "mine":
        return Choices(follows, "mine", playlist_id=_first(form, "playlist_id")[:64])
    return Choices(follows, "new", name=plain(_first(form, "playlist_name"))[: LONGEST_NAME + 1])


def email_of(form: Form) -> str | None:
    """What was typed as the address, if the box of the consent is ticked; without a tick none is read at all."""
    if _first(form, "consent") != "yes":
        return None
    return _first(form, "email").strip()[: LONGEST_EMAIL + 1]


def is_email(text: str) -> bool:
    if len(text) > LONGEST_EMAIL:
        return False
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _first(form: Form, name: str) -> str:
    return form.get(name, [""])[0]
