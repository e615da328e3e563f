"""What a rehearsal knows of a campaign: plain values, read once, carried as JSON. No fan, no token, no address."""

import json
from dataclasses import asdict, dataclass

from upbeat.core.channels import is_channel
from upbeat.providers.registry import capabilities

NONE, MILD, HARD = "", "mild", "hard"


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody the campaign offers to follow."""

    service: str
    kind: str
    name: str
    main: bool
    ticked: bool


@dataclass(frozen=True, slots=True)
class Script:
    """One rehearsal. Shares are parts of one, as the real fans have them; defaults where there are none yet."""

    campaign_id: int
    title: str
    artist: str
    kind: str
    upc: str
    isrc: str
    track_count: int
    slug: str
    day: str
    time: str
    zone: str
    fold: int
    local: bool
    language: str
    services: dict[str, float]
    """The share of the fans on each service the campaign offers."""
    pasted: dict[str, str]
    """Services whose link the team has pasted, and its kind: there nobody has to look by a code."""
    targets: list[Target]
    zones: dict[str, float]
    playlist_share: float
    new_playlist_share: float
    """Of those who want a playlist: who wants a new one."""
    follow_share: float
    limits: dict[str, tuple[float, float]]
    """By service: calls a second to begin with and at the most, as the real limiter has them now."""
    real_fans: int
    fans: int
    faults: str = NONE

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Script":
        read = json.loads(text)
        read["targets"] = [Target(**one) for one in read["targets"]]
        read["limits"] = {service: (rate, most) for service, (rate, most) in read["limits"].items()}
        return cls(**read)


def by_size(script: Script) -> list[str]:
    """Its streaming services, the one with the most fans first."""
    streaming = [name for name in script.services if not is_channel(name)]
    return sorted(streaming, key=lambda name: -script.services[name])


def hardest(script: Script) -> str:
    """The service that is hit hardest: the one with the most fans whose permissions are renewed at a token endpoint.
    "" where there is none."""
    return next((name for name in by_size(script) if capabilities(name).brings_refresh), "")
