"""The services that are played: one line here, one folder there."""

from upbeat_sandbox.apple_music.facts import FACTS as APPLE_MUSIC
from upbeat_sandbox.deezer.facts import FACTS as DEEZER
from upbeat_sandbox.facts import Facts
from upbeat_sandbox.soundcloud.facts import FACTS as SOUNDCLOUD
from upbeat_sandbox.spotify.facts import FACTS as SPOTIFY
from upbeat_sandbox.tidal.facts import FACTS as TIDAL
from upbeat_sandbox.youtube.facts import FACTS as YOUTUBE

SERVICES: dict[str, Facts] = {
    one.name: one for one in (SPOTIFY, APPLE_MUSIC, DEEZER, TIDAL, SOUNDCLOUD, YOUTUBE)
}
