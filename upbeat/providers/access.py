"""How an installation comes to be let in by each service, in words for the person who runs it, and which services let
nobody in. Checked on 2026-11-22; the sources are in each service's FACTS.md.
"""

from dataclasses import dataclass

from upbeat.core.hosts import Verb


@dataclass(frozen=True, slots=True)
class Access:
    """What it takes to save on a service."""

    register_url: str
    """Where an app, or a key, is made."""
    without: str
    """Why we cannot save there before that."""
    to_do: str
    """What the person would have to do; empty: nothing that is in their hands."""
    within: str
    """What stays true with an app: whom it lets in, what it limits."""
    redirects: bool = True
    """Whether a redirect URI is registered with it."""
    verb: Verb = Verb.PRE_SAVE
    """What the service itself calls it."""
    native: str = ""
    """What the service's own page is called, on which a fan can pre-save; empty: it has none."""


ACCESS = {
    "spotify": Access(
        "https://developer.spotify.com/dashboard",
        "No app yet.",
        "Register an app and put in its two values. It lets five fans in whom you name; more only after Spotify’s "
        "review, which asks for a registered business with 250,000 users a month.",
        "In development mode Spotify lets in only the five accounts you name. Everybody else goes one rung down.",
        native="a Countdown page",
    ),
    "apple_music": Access(
        "https://developer.apple.com/account/resources/authkeys/list",
        "No MusicKit key yet.",
        "Join Apple’s developer program, make a MusicKit key and put it in. About 20 minutes.",
        "A MusicKit key of your own. Every Apple Music subscriber can save.",
        redirects=False,
        verb=Verb.PRE_ADD,
        native="a pre-add",
    ),
    "deezer": Access(
        "https://developers.deezer.com/myapps",
        "Deezer has taken no new apps since 2024.",
        "",
        "An app from before 2024. Deezer gives out no new ones.",
    ),
    "tidal": Access(
        "https://developer.tidal.com/dashboard",
        "No app yet. Its permissions last four hours.",
        "Register an app: fans save at once where the release is out already.",
        "TIDAL gives other apps permissions of four hours only, too short to act later.",
    ),
    "soundcloud": Access(
        "https://soundcloud.com/you/apps",
        "No app yet. SoundCloud gives one to each person who asks.",
        "Register an app and put in its two values.",
        "An app of your own. Permissions renew themselves.",
    ),
    "youtube": Access(
        "https://console.cloud.google.com/apis/credentials",
        "No Google app yet.",
        "Register an app and pass Google’s check. Then about 190 saves a day.",
        "A Google app of your own, with about 190 saves a day.",
    ),
}
CLOSED = ("amazon_music", "qobuz", "bandcamp", "audiomack", "boomplay", "anghami", "pandora")
"""They let no other app in: what we can do there is to remind, and to open their page."""


def access(service: str) -> Access | None:
    """What it takes; None for a service that lets nobody in."""
    return ACCESS.get(service)
