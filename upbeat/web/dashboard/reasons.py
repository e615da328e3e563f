"""Why some could not be delivered, in words of a person; never "failed" without a reason."""

from dataclasses import dataclass

from upbeat.campaigns.models import Campaign
from upbeat.core.delivery import State
from upbeat.delivery.counts import Standing, counts
from upbeat.web.dashboard.words import in_figures

_WORDS = {
    "grant_dead": ("Permission ended", "The service says so. The page asks these fans to connect again."),
    "library_full": ("Library full", "The service takes no more music into these libraries."),
    "not_allow_listed": (
        "Not open to everyone yet",
        "The service lets only named accounts in on this installation.",
    ),
    "no_channel": ("No channel", "These fans have none there, and only a channel can like a song."),
    "rating_disabled": ("Takes no likes", "The video takes none: paste the link of another one."),
    "account_not_allowed": ("Account not allowed", "The service does not let these accounts do it."),
    "scope_missing": ("Permission left out", "These fans did not allow this step."),
    "gone": ("Release taken down", "The service had shown the release and has it no more."),
    "bad_request": ("The service said no", "It did not accept what we sent."),
    "not_offered": ("Not on offer there", "The service does not do this for the release."),
    "not_found_yet": ("Never appeared", "The service did not show the release within 14 days."),
    "held": ("Held to the end", "Nobody decided within 14 days."),
    "playlist_gone": ("Playlist gone", "The playlist was deleted meanwhile."),
}
_ENDS = {
    State.NEEDS_FAN: ("Permission ended", "The page asks these fans to connect again."),
    State.REFUSED: ("The service said no", ""),
    State.EXPIRED: ("Patience ran out", "We tried for 14 days."),
}


@dataclass(frozen=True, slots=True)
class Why:
    """One reason, and how many fans it concerns."""

    glyph: str
    head: str
    detail: str
    number: int

    @property
    def figure(self) -> str:
        return in_figures(self.number)


def whys(campaign: Campaign) -> list[Why]:
    """The reasons of everybody whose save could not be delivered, the most frequent first."""
    return whys_of(counts(campaign).all.fans)


def whys_of(fans: Standing) -> list[Why]:
    """The same, of counts that have been read already."""
    frequent = sorted(fans.ends.items(), key=lambda one: (-one[1], one[0][1]))
    return [_why(state, reason, number) for (state, reason), number in frequent]


def _why(state: State, reason: str, number: int) -> Why:
    head, detail = _WORDS.get(reason, _ENDS[state])
    if state is State.EXPIRED and reason not in ("not_found_yet", "held"):
        head, detail = _ENDS[State.EXPIRED]
    return Why(state.value, head, detail, number)
