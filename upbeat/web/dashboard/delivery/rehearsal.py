"""The rehearsal of a release day, as its page shows it: the one under way, or the last one and what it showed."""

from typing import Any

from upbeat.delivery import rehearsing
from upbeat.delivery.models import Rehearsal
from upbeat.web.dashboard import words
from upbeat.web.dashboard.delivery import night_words
from upbeat.web.dashboard.delivery.night import Night

_WRONG = (
    ("lost", "lost"),
    ("doubled", "served twice"),
    ("out_of_order", "with tracks out of order"),
    ("untrue", "of whom we say what is not so"),
)


def under_way(night: Night) -> Rehearsal | None:
    """The rehearsal of this release that is being played now."""
    one = None if night.out else rehearsing.running(night.now)
    return one if one is not None and one.campaign_id == night.campaign.pk else None


def shown(night: Night) -> dict[str, Any] | None:
    """`told`, `short`, `lines` (glyph, what, second); `wrong`: somebody must look; `running`: it is being played."""
    playing = under_way(night)
    if playing is not None:
        since = night_words.hours(night, playing.began_at)
        fans = f"{words.in_figures(playing.fans)} invented fans"
        told = f"Under way since {since}, with {fans}. It takes a minute or two."
        return {"told": told, "lines": [], "wrong": False, "running": True}
    one = night.rehearsal
    if one is None:
        return None
    return {
        "told": _told(night, one),
        "short": _short(night, one),
        "lines": _lines(one),
        "wrong": not one.passed,
    }


def _told(night: Night, one: Rehearsal) -> str:
    faults = f" and {one.faults} faults" if one.faults else ""
    fans = f"{words.in_figures(one.fans)} invented {'fan' if one.fans == 1 else 'fans'}"
    when = f"{night_words.day(night, one.began_at)}, {night_words.hours(night, one.began_at)}"
    return f"{when}. The whole night was played in the sandbox with {fans}{faults}."


def _short(night: Night, one: Rehearsal) -> str:
    """One that went well, in a line."""
    when = f"{night_words.day(night, one.began_at)}, {night_words.hours(night, one.began_at)}"
    return (
        f"Rehearsed on {when}, with {words.in_figures(one.fans)} invented fans: nobody lost, nobody doubled."
    )


def _lines(one: Rehearsal) -> list[tuple[str, str, str]]:
    if one.passed is None:
        return [("warning", "It did not come to its end", str(one.result.get("problem", "")))]
    took = (
        [("fine", night_words.exact_span(one.seconds), "from the instant to the last fan")]
        if one.seconds
        else []
    )
    if one.passed:
        return [*took, ("fine", "Nobody lost, nobody doubled", "by what the sandbox's libraries hold")]
    counted = ", ".join(
        f"{words.in_figures(one.result[key])} {what}" for key, what in _WRONG if one.result.get(key)
    )
    first = next(iter(one.result.get("wrong", [])), "")
    return [*took, ("stop", f"{counted or 'Somebody was lost or doubled'}".capitalize(), first)]
