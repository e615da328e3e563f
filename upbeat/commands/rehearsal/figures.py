"""What the rehearsal showed, in figures: the result that `--json` prints."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Max

from upbeat.commands.rehearsal.bad_luck import WINDOW_CALLS, WINDOW_SECONDS, Blow
from upbeat.commands.rehearsal.guests import Guest
from upbeat.commands.rehearsal.night import NEARLY_ALL, Pace
from upbeat.commands.rehearsal.script import HARD, MILD, NONE, Script, hardest
from upbeat.commands.rehearsal.truth import Judgement
from upbeat.core.channels import MAIN, is_channel
from upbeat.core.pace import seconds_for
from upbeat.delivery.limiter import RECOVERY
from upbeat.delivery.models import Delivery, Limiter
from upbeat.delivery.pace import allowed
from upbeat.providers.registry import capabilities

FLOOR_SECONDS = {NONE: 15.0, MILD: 15.0, HARD: 8.0}
"""So long the limits may hold the rehearsal up. Where the real ones would for longer, all of them run faster."""


def open_limits(script: Script, guests: list[Guest]) -> float:
    """Open the limiters at what the services allow, all faster by the number that is returned (1: as they are)."""
    floors = [_floor(script, service, _expected(service, guests)) for service in script.services]
    speed = max(1.0, max(floors) / FLOOR_SECONDS[script.faults])
    for service, (rate, most) in script.limits.items():
        Limiter.objects.create(key=allowed(service)[0], rate=rate * speed, max_rate=most * speed)
    return speed


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to count when the night is over."""

    guests: list[Guest]
    judgement: Judgement
    pace: Pace
    blows: list[Blow]
    calls: dict[str, int]
    """By service."""
    speed: float


def figures(script: Script, seen: Seen) -> dict[str, Any]:
    """Everything but how long the rehearsal itself took."""
    judgement, fans = seen.judgement, len(seen.guests)
    pace = seen.pace
    floors = {one: _floor(script, one, pace.calls.get(one, seen.calls[one])) for one in script.services}
    floor, work = max(*floors.values(), 0.1), max(pace.seconds, 0.1)
    return {
        "passed": judgement.passed,
        "campaign": {"id": script.campaign_id, "title": script.title, "artist": script.artist},
        "fans": fans,
        "faults": script.faults,
        "lost": len(judgement.lost),
        "doubled": len(judgement.doubled),
        "out_of_order": len(judgement.out_of_order),
        "early": len(judgement.early),
        "untrue": len(judgement.untrue),
        "wrong": judgement.wrong,
        "services": {
            service: _service(service, script, seen, floors[service]) for service in script.services
        },
        "rate": {
            "fans_a_second": round(NEARLY_ALL * fans / work, 1),
            "limits_here": round(NEARLY_ALL * fans / floor * seen.speed, 1),
            "limits": round(NEARLY_ALL * fans / floor, 1),
            "faster": round(seen.speed, 1),
        },
        "night": _night(script, floor / NEARLY_ALL, work / NEARLY_ALL),
        "thrown": [asdict(blow) for blow in seen.blows],
    }


def _service(service: str, script: Script, seen: Seen, floor: float) -> dict[str, Any]:
    mine, judgement = [one for one in seen.guests if one.service == service], seen.judgement
    return {
        "fans": len(mine),
        "delivered": judgement.saved.get(service, 0),
        "needs_fan": judgement.needs_fan.get(service, 0),
        "revoked": sum(one.revokes for one in mine),
        "playlists": judgement.playlists.get(service, 0),
        "playlists_wanted": sum(bool(one.playlist) for one in mine),
        "follows": judgement.follows.get(service, 0),
        "follows_wanted": sum(len(one.follows) + _follows_artist(service) for one in mine),
        "unknown": judgement.unknown.get(service, 0),
        "read_back": seen.judgement.read_back.get(service, (0, 0))[0],
        "read_back_good": seen.judgement.read_back.get(service, (0, 0))[1],
        "calls": seen.calls[service],
        "limit": round(_allowed(script, service)[1], 1),
        "night_seconds": round(floor / NEARLY_ALL, 1),
    }


def _follows_artist(service: str) -> bool:
    """Whether everybody there follows the release's artist on the day (S27)."""
    return not is_channel(service) and not capabilities(service).follow_now


def _night(script: Script, floor: float, work: float) -> dict[str, Any]:
    """The real night at the real limits: not quicker than they allow, and not quicker than this machine was."""
    saves = Delivery.objects.filter(action__in=MAIN)
    last: datetime | None = saves.aggregate(last=Max("settled_at"))["last"]
    seconds = max(floor, work)
    return {
        "seconds": round(seconds, 1),
        "fans": script.fans,
        "waiting": script.real_fans,
        "seconds_waiting": round(seconds * script.real_fans / script.fans, 1),
        "last_at": last.astimezone(UTC).isoformat() if last else None,
    }


def _floor(script: Script, service: str, calls: float) -> float:
    """Seconds that so many calls take at the service's real limit, which begins low and rises."""
    rate, most = _allowed(script, service)
    return seconds_for(calls, rate, most, RECOVERY * most)


def _allowed(script: Script, service: str) -> tuple[float, float]:
    """Calls a second to begin with and at the most: as we know them, or less where the night's faults allow less."""
    rate, most = script.limits[service]
    if script.faults == HARD and service == hardest(script):
        real = WINDOW_CALLS / WINDOW_SECONDS
        return min(rate, real), min(most, real)
    return rate, most


def _expected(service: str, guests: list[Guest]) -> int:
    """About so many calls: the save, a renewal, two and a half a playlist, the follows."""
    mine = [one for one in guests if one.service == service]
    follows = sum(len(one.follows) * 2 + _follows_artist(service) for one in mine)
    renewed = sum(bool(one.said["refresh_token"]) for one in mine)
    return round(len(mine) + renewed + 2.5 * sum(bool(one.playlist) for one in mine) + follows)
