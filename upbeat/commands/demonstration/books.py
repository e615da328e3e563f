"""The product's own books, read beside the running product: what it says became of each fan."""

from datetime import timedelta
from typing import Any

from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.core.delivery import State
from upbeat.core.hosts import label_of
from upbeat.delivery.counts import counts
from upbeat.delivery.models import Delivery
from upbeat.providers.base import Action
from upbeat.web.sandbox_clock import move, until_release


class Books:
    """Of one campaign. For a thread."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        self.campaign = Campaign.objects.select_related("release").get(slug=slug)
        self.title = self.campaign.release.title

    def songs(self) -> int:
        return max((len(link.track_ids) for link in self.campaign.release.links.all()), default=0)

    def jump(self) -> None:
        """Move the installation's clock and the sandbox's to the release instant."""
        move(until_release(self.slug))

    def go_on(self, by: timedelta) -> None:
        """Move both clocks on."""
        move(by)

    def is_out(self) -> bool:
        self.campaign.refresh_from_db()
        return self.campaign.is_out(clock.now())

    def all_settled(self) -> bool:
        return not self.campaign.deliveries.filter(next_at__isnull=False).exists()

    def only_doubts_left(self) -> bool:
        """Whether all have ended but those whose permission is called dead and not yet believed to be."""
        left = self.campaign.deliveries.filter(next_at__isnull=False)
        return not left.exclude(reason="grant_doubted").exists()

    def state_of(self, service: str, account_id: str) -> str:
        """The state of this account's save, "delivered" also where it was read back; "nothing": no pre-save."""
        rows = Delivery.objects.filter(
            campaign=self.campaign,
            service=service,
            action=Action.SAVE.value,
            pre_save__connection__account_id=account_id,
        )
        states = list(rows.values_list("state", flat=True))
        if len(states) > 1:
            return "doubled"
        if states == [State.VERIFIED]:
            return State.DELIVERED.value
        return State(states[0]).value if states else "nothing"

    def figures(self) -> dict[str, dict[str, Any]]:
        """The four headline figures of each service, playlist adds and follows beside them."""
        return {
            service: {
                "delivered": one.fans.delivered,
                "queued": one.fans.queued,
                "pending_source": one.fans.pending_source,
                "could_not_be_delivered": one.fans.could_not_be_delivered,
                "playlists": one.playlists.delivered,
                "follows": one.follows.delivered,
                "reasons": dict(one.fans.reasons),
            }
            for service, one in sorted(counts(self.campaign).services.items())
        }

    def lines(self) -> list[str]:
        """One line a service: what happened."""
        return [_line(label_of(service), has) for service, has in self.figures().items()]


def _line(name: str, has: dict[str, Any]) -> str:
    rest = [
        f"{has[key]} {words}"
        for key, words in (
            ("queued", "queued"),
            ("pending_source", "wait for the link"),
            ("could_not_be_delivered", "could not be delivered"),
        )
        if has[key]
    ]
    why = ", ".join(reason.replace("_", " ") for reason in has["reasons"])
    told = [f"[bold]{name}[/]: delivered to {_number(has['delivered'], 'fan')}", *rest]
    beside = f"{_number(has['playlists'], 'playlist')} filled, {_number(has['follows'], 'follow')}"
    return f"{', '.join(told)}{f' ({why})' if why else ''}; {beside}."


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
