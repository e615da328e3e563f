"""Whose page an address is: the services and shops we know by their host."""

from dataclasses import dataclass
from enum import StrEnum

from upbeat.core.addresses import Address


class Verb(StrEnum):
    """What a fan does behind a link before the release."""

    PRE_ORDER = "pre-order"
    PRE_SAVE = "pre-save"
    PRE_ADD = "pre-add"
    BUY = "buy"
    NOTIFY = "notify"


@dataclass(frozen=True, slots=True)
class Site:
    """A service or shop: its key, its name, and what one usually does there before a release."""

    service: str
    label: str
    verb: Verb


_SITES = {
    site.service: site
    for site in (
        Site("spotify", "Spotify", Verb.PRE_SAVE),
        Site("deezer", "Deezer", Verb.PRE_SAVE),
        Site("apple_music", "Apple Music", Verb.PRE_ADD),
        Site("itunes", "iTunes", Verb.PRE_ORDER),
        Site("tidal", "TIDAL", Verb.PRE_SAVE),
        Site("soundcloud", "SoundCloud", Verb.NOTIFY),
        Site("youtube_music", "YouTube Music", Verb.NOTIFY),
        Site("youtube", "YouTube", Verb.NOTIFY),
        Site("amazon_music", "Amazon Music", Verb.PRE_SAVE),
        Site("amazon", "Amazon", Verb.PRE_ORDER),
        Site("bandcamp", "Bandcamp", Verb.PRE_ORDER),
        Site("qobuz", "Qobuz", Verb.PRE_ORDER),
        Site("beatport", "Beatport", Verb.PRE_ORDER),
        Site("audiomack", "Audiomack", Verb.NOTIFY),
        Site("boomplay", "Boomplay", Verb.PRE_SAVE),
        Site("anghami", "Anghami", Verb.PRE_SAVE),
        Site("pandora", "Pandora", Verb.PRE_SAVE),
        Site("napster", "Napster", Verb.PRE_SAVE),
        Site("yandex_music", "Yandex Music", Verb.PRE_SAVE),
        Site("jiosaavn", "JioSaavn", Verb.PRE_SAVE),
        Site("mixcloud", "Mixcloud", Verb.NOTIFY),
    )
}

# The longest ending that matches decides; an ending matches whole labels only.
_ENDINGS = {
    "spotify.com": "spotify",
    "spotify.link": "spotify",
    "spotify.app.link": "spotify",
    "spoti.fi": "spotify",
    "deezer.com": "deezer",
    "deezer.page.link": "deezer",
    "dzr.page.link": "deezer",
    "music.apple.com": "apple_music",
    "itunes.apple.com": "itunes",
    "tidal.com": "tidal",
    "tidal.link": "tidal",
    "soundcloud.com": "soundcloud",
    "music.youtube.com": "youtube_music",
    "youtube.com": "youtube",
    "youtu.be": "youtube",
    "youtube-nocookie.com": "youtube",
    "amzn.to": "amazon",
    "amzn.com": "amazon",
    "bandcamp.com": "bandcamp",
    "qobuz.com": "qobuz",
    "beatport.com": "beatport",
    "audiomack.com": "audiomack",
    "boomplay.com": "boomplay",
    "anghami.com": "anghami",
    "pandora.com": "pandora",
    "pandora.app.link": "pandora",
    "napster.com": "napster",
    "music.yandex.ru": "yandex_music",
    "music.yandex.com": "yandex_music",
    "jiosaavn.com": "jiosaavn",
    "mixcloud.com": "mixcloud",
}
_AMAZON = "ae at ca cn co.jp co.uk com com.au com.be com.br com.mx com.tr de eg es fr in it jp nl pl sa se sg"
for _country in _AMAZON.split():
    _ENDINGS[f"amazon.{_country}"] = "amazon"
    _ENDINGS[f"music.amazon.{_country}"] = "amazon_music"


def site_of(address: Address) -> Site | None:
    """The service or shop whose page this is; None for a host we do not know, look-alikes included."""
    labels = address.host.split(".")
    for start in range(len(labels)):
        service = _ENDINGS.get(".".join(labels[start:]))
        if service == "apple_music" and "app=itunes" in address.query.split("&"):
            service = "itunes"
        if service is not None:
            return _SITES[service]
    return None


def label_of(service: str) -> str:
    """The name of a service we know, else its key."""
    return _SITES[service].label if service in _SITES else service
