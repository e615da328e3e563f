"""How the deliveries of a campaign stand, in the four headline figures (PRODUCT §4)."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count

from upbeat.campaigns.models import Campaign
from upbeat.core.channels import MAIN
from upbeat.core.delivery import Headline, State, headline
from upbeat.providers.base import Action


@dataclass
class Standing:
    """How many stand where. `withdrawn` is held against nobody and is no part of `total`."""

    delivered: int = 0
    queued: int = 0
    pending_source: int = 0
    could_not_be_delivered: int = 0
    withdrawn: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    """Why some could not be delivered, or wait: reason code to number."""
    states: Counter[State] = field(default_factory=Counter)
    """All eleven, each with its number."""
    ends: Counter[tuple[State, str]] = field(default_factory=Counter)
    """Of those that could not be delivered: state and reason to number."""

    @property
    def total(self) -> int:
        return self.delivered + self.queued + self.pending_source + self.could_not_be_delivered

    @property
    def reconnectable(self) -> int:
        """Of those that could not be delivered: who is served the moment they give a new permission."""
        return self.states[State.NEEDS_FAN]

    def count(self, state: State, reason: str, number: int) -> None:
        name = headline(state)
        where = "withdrawn" if name is None else name.value
        setattr(self, where, getattr(self, where) + number)
        self.states[state] += number
        if reason and name is not Headline.DELIVERED:
            self.reasons[reason] += number
        if name is Headline.COULD_NOT:
            self.ends[state, reason] += number


@dataclass
class Standings:
    """Of a campaign, or of one service in it: the fans, each by their main action, and what was done beside it."""

    fans: Standing = field(default_factory=Standing)
    playlists: Standing = field(default_factory=Standing)
    follows: Standing = field(default_factory=Standing)

    def of(self, action: str) -> Standing:
        """Where an action is counted: a save or a reminder is the fan's main action."""
        if action in MAIN:
            return self.fans
        return self.playlists if action == Action.PLAYLIST else self.follows


@dataclass
class Counts:
    """`all` and `services` add up: `all.fans.total + all.fans.withdrawn` is the number of pre-saves."""

    all: Standings = field(default_factory=Standings)
    services: dict[str, Standings] = field(default_factory=dict)


def counts(campaign: Campaign) -> Counts:
    """One grouped query, answered from the index `delivery_by_state` alone, whatever the number of fans.

    It counts rows, not ids: PostgreSQL would fetch half a million of them to see that an id is there.
    """
    found = Counts()
    by_state = campaign.deliveries.order_by().values_list("service", "action", "state", "reason")
    for service, action, state, reason, number in by_state.annotate(number=Count("*")):
        for standings in (found.all, found.services.setdefault(service, Standings())):
            standings.of(action).count(State(state), reason, number)
    return found
