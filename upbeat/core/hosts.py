"""Whose page an address is: the services and shops we know by their host."""

from dataclasses import dataclass
from enum import StrEnum

from upbeat.core.addresses import Address
from upbeat.core.channels import CHANNELS


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
        Site("kkbox", "KKBOX", Verb.PRE_SAVE),
        Site("gaana", "Gaana", Verb.PRE_SAVE),
        Site("audius", "Audius", Verb.NOTIFY),
        Site("7digital", "7digital", Verb.PRE_ORDER),
        Site("juno", "Juno Download", Verb.PRE_ORDER),
        Site("traxsource", "Traxsource", Verb.PRE_ORDER),
    )
}

# The longest ending that matches decides; an ending matches whole labels only.
_ENDINGS = {
    "spotify.com": "spotify",
    "deezer.com": "deezer",
    "music.apple.com": "apple_music",
    "tools.applemusic.com": "apple_music",
    "itunes.apple.com": "itunes",
    "tidal.com": "tidal",
    "soundcloud.com": "soundcloud",
    "music.youtube.com": "youtube_music",
    "youtube.com": "youtube",
    "youtu.be": "youtube",
    "youtube-nocookie.com": "youtube",
    "amzn.com": "amazon",
    "bandcamp.com": "bandcamp",
    "qobuz.com": "qobuz",
    "beatport.com": "beatport",
    "audiomack.com": "audiomack",
    "boomplay.com": "boomplay",
    "boomplaymusic.com": "boomplay",
    "anghami.com": "anghami",
    "pandora.com": "pandora",
    "napster.com": "napster",
    "jiosaavn.com": "jiosaavn",
    "saavn.com": "jiosaavn",
    "mixcloud.com": "mixcloud",
    "kkbox.com": "kkbox",
    "gaana.com": "gaana",
    "audius.co": "audius",
    "7digital.com": "7digital",
    "junodownload.com": "juno",
    "traxsource.com": "traxsource",
}
_AMAZON = "ae at ca cn co.jp co.uk com com.au com.be com.br com.mx com.tr de eg es fr in it jp nl pl sa se sg"
for _country in _AMAZON.split():
    _ENDINGS[f"amazon.{_country}"] = "amazon"
    _ENDINGS[f"music.amazon.{_country}"] = "amazon_music"
for _country in ("ru", "com", "by", "kz", "uz", "ua"):
    _ENDINGS[f"music.yandex.{_country}"] = "yandex_music"

SHORT_HOSTS = {
    "spotify.link": "spotify",
    "spotify.app.link": "spotify",
    "link.tospotify.com": "spotify",
    "spoti.fi": "spotify",
    "link.deezer.com": "deezer",
    "deezer.page.link": "deezer",
    "dzr.page.link": "deezer",
    "apple.co": "apple_music",
    "itun.es": "itunes",
    "tidal.link": "tidal",
    "link.tidal.com": "tidal",
    "on.soundcloud.com": "soundcloud",
    "soundcloud.app.goo.gl": "soundcloud",
    "amzn.to": "amazon",
    "amzn.eu": "amazon",
    "a.co": "amazon",
    "pandora.app.link": "pandora",
    "open.anghami.com": "anghami",
    "kkbox.fm": "kkbox",
}
"""Hosts whose addresses say nothing of where they lead. These are all that is ever asked where it leads."""

_LINK_PAGES = {
    page.service: page
    for page in (
        Site("linkfire", "Linkfire", Verb.PRE_SAVE),
        Site("feature_fm", "Feature.fm", Verb.PRE_SAVE),
        Site("hypeddit", "Hypeddit", Verb.PRE_SAVE),
        Site("odesli", "Odesli", Verb.PRE_SAVE),
        Site("linktree", "Linktree", Verb.PRE_SAVE),
        Site("toneden", "ToneDen", Verb.PRE_SAVE),
        Site("orchard", "The Orchard", Verb.PRE_SAVE),
        Site("hyperfollow", "HyperFollow", Verb.PRE_SAVE),
        Site("pushfm", "Push.fm", Verb.PRE_SAVE),
        Site("show_co", "Show.co", Verb.PRE_SAVE),
        Site("smarturl", "SmartURL", Verb.PRE_SAVE),
        Site("songwhip", "Songwhip", Verb.PRE_SAVE),
        Site("found_ee", "found.ee", Verb.PRE_SAVE),
        Site("believe", "Believe", Verb.PRE_SAVE),
        Site("bandlink", "BandLink", Verb.PRE_SAVE),
        Site("ampsuite", "Ampsuite", Verb.PRE_SAVE),
        Site("imusician", "iMusician", Verb.PRE_SAVE),
        Site("ingrooves", "Ingrooves", Verb.PRE_SAVE),
        Site("vydia", "Vydia", Verb.PRE_SAVE),
        Site("solo_to", "solo.to", Verb.PRE_SAVE),
        Site("beacons", "Beacons", Verb.PRE_SAVE),
        Site("linkcore", "LinkCore", Verb.PRE_SAVE),
        Site("ditto", "Ditto", Verb.PRE_SAVE),
        Site("unitedmasters", "UnitedMasters", Verb.PRE_SAVE),
        Site("gate_fm", "gate.fm", Verb.PRE_SAVE),
        Site("lnk_bio", "Lnk.Bio", Verb.PRE_SAVE),
    )
}
_LINK_PAGE_ENDINGS = {
    "lnk.to": "linkfire",
    "lnkfi.re": "linkfire",
    "li.sten.to": "linkfire",
    "linkfire.com": "linkfire",
    "ffm.to": "feature_fm",
    "feature.fm": "feature_fm",
    "ffm.bio": "feature_fm",
    "ffm.link": "feature_fm",
    "hypeddit.com": "hypeddit",
    "song.link": "odesli",
    "album.link": "odesli",
    "artist.link": "odesli",
    "playlist.link": "odesli",
    "pods.link": "odesli",
    "mylink.page": "odesli",
    "odesli.co": "odesli",
    "linktr.ee": "linktree",
    "fanlink.to": "toneden",
    "fanlink.tv": "toneden",
    "toneden.io": "toneden",
    "orcd.co": "orchard",
    "distrokid.com": "hyperfollow",
    "push.fm": "pushfm",
    "show.co": "show_co",
    "smarturl.it": "smarturl",
    "songwhip.com": "songwhip",
    "found.ee": "found_ee",
    "bfan.link": "believe",
    "band.link": "bandlink",
    "ampl.ink": "ampsuite",
    "imusician.pro": "imusician",
    "ingrv.es": "ingrooves",
    "vyd.co": "vydia",
    "solo.to": "solo_to",
    "beacons.ai": "beacons",
    "linkco.re": "linkcore",
    "ditto.fm": "ditto",
    "unitedmasters.com": "unitedmasters",
    "gate.fm": "gate_fm",
    "lnk.bio": "lnk_bio",
    "hyperurl.co": "smarturl",
    "tr.ee": "linktree",
}


def site_of(address: Address) -> Site | None:
    """The service or shop whose page this is; None for a host we do not know, look-alikes included."""
    service = SHORT_HOSTS.get(address.host) or _ending(address, _ENDINGS)
    if service == "apple_music" and "app=itunes" in address.query.split("&"):
        service = "itunes"
    return _SITES[service] if service else None


def link_page_of(address: Address) -> Site | None:
    """Whose page of many links this is, if it is one."""
    service = _ending(address, _LINK_PAGE_ENDINGS)
    return _LINK_PAGES[service] if service else None


def label_of(service: str) -> str:
    """The name of a service we know, or of a reminder's channel; else its key."""
    site = _SITES.get(service) or _LINK_PAGES.get(service)
    return site.label if site else CHANNELS.get(service, service)


def _ending(address: Address, endings: dict[str, str]) -> str:
    """What the longest ending that matches says; "" where none does."""
    labels = address.host.split(".")
    ends = (".".join(labels[start:]) for start in range(len(labels)))
    return next((endings[end] for end in ends if end in endings), "")
