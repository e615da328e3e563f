"""What moves fans is asked once more, with their number: another moment, withdrawing the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse

from upbeat.campaigns import setup
from upbeat.campaigns.models import Campaign
from upbeat.delivery import plan
from upbeat.delivery.counts import counts
from upbeat.web.dashboard import moments, words


class MovesFans(Exception):  # noqa: N818 - it is no error
    """The answer holds, and would move fans: nothing was changed, the team is asked first."""


@dataclass(frozen=True, slots=True)
class Question:
    """A dialog: what would happen, the button that does it, and the way back by its name."""

    head: str
    lines: tuple[str, ...]
    action: str
    do: str
    back: str
    values: Mapping[str, str] = field(default_factory=dict)


def moves_fans(campaign: Campaign, now: datetime) -> bool:
    """Whether another moment is anybody's business: fans wait for this one, or have seen it pass."""
    return _waiting(campaign) > 0 or campaign.is_out(now)


def to_the_question(campaign: Campaign, typed: Mapping[str, str]) -> str:
    """The address that asks whether the moment shall be the typed one."""
    return f"{reverse('move', args=[campaign.pk])}?{urlencode(typed)}"


def another_moment(campaign: Campaign, typed: Mapping[str, str], now: datetime) -> Question | None:
    """The question before a published release gets the typed moment. None: that does not hold, or changes nothing."""
    before, waiting = moments.in_words(campaign), _waiting(campaign)
    back = f"Leave it on {moments.shown(campaign)}"
    with transaction.atomic():
        settled = setup.settle(campaign, "when", typed, now)
        after, out_for_some = moments.in_words(campaign), campaign.is_out(now)
        transaction.set_rollback(True)
    setup.undo(campaign)
    if settled.trouble is not None or not settled.changed:
        return None
    lines = [f"Now: {before}.", f"Then: {after}."]
    if waiting:
        wait, get = ("waits", "gets") if waiting == 1 else ("wait", "get")
        lines.append(f"{words.fans(waiting)} {wait} for it and {get} it at the new moment, nobody before.")
    lines += _have_it(campaign)
    if campaign.is_out(now):
        lines.append("The page is out; it goes back to before the release until then.")
    elif out_for_some:
        lines.append("Some fans’ clocks are past it: for them it is out at once.")
    do = f"Move it for {words.fans(waiting)}" if waiting else "Move it"
    return Question("Move the release?", tuple(lines), reverse("move", args=[campaign.pk]), do, back, typed)


def withdrawal(campaign: Campaign) -> Question:
    """The question before a page is withdrawn."""
    waiting = _waiting(campaign)
    lines = ["The page is taken down, and its address answers that there is nothing."]
    if waiting:
        wait = "waits and gets" if waiting == 1 else "wait and get"
        lines.append(f"{words.fans(waiting)} {wait} nothing while it is withdrawn.")
    lines += _have_it(campaign)
    lines.append("Publish it again within 14 days and everybody is served as planned.")
    do = f"Withdraw it from {words.fans(waiting)}" if waiting else "Withdraw the page"
    action = reverse("withdraw", args=[campaign.pk])
    return Question("Withdraw the page?", tuple(lines), action, do, "Leave it public")


@transaction.atomic
def withdraw(campaign: Campaign, now: datetime) -> None:
    """Take the page down and call off what is still to come, in one transaction."""
    setup.locked(campaign)
    if campaign.state != Campaign.PUBLISHED:
        return
    campaign.state, campaign.withdrawn_at = Campaign.WITHDRAWN, now
    campaign.save(update_fields=["state", "withdrawn_at"])
    campaign.touch()
    plan.replan(campaign, now)


def _waiting(campaign: Campaign) -> int:
    fans = counts(campaign).all.fans
    return fans.queued + fans.pending_source


def _have_it(campaign: Campaign) -> list[str]:
    delivered = counts(campaign).all.fans.delivered
    if not delivered:
        return []
    return [f"{words.fans(delivered)} {'has' if delivered == 1 else 'have'} it already, and it stays."]
