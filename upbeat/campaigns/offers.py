"""Pre-orders and other services' own pages on a campaign's page, each by its existing address (S8 to S10)."""

from django.db import transaction
from django.db.models import Max

from upbeat.campaigns.models import Campaign, Offer
from upbeat.campaigns.setup import locked, plain
from upbeat.core.hosts import Verb
from upbeat.core.problem import Problem
from upbeat.core.shop_links import LONGEST_LABEL, shop_link

MOST = 30
VERBS = {verb.value: verb.value.capitalize() for verb in Verb}


def add(campaign: Campaign, text: str, *, verb: str = "", label: str = "") -> Offer | Problem:
    """Add a button by its address. Its verb and label are guessed where they are not given."""
    link = shop_link(text)
    if isinstance(link, Problem):
        return link
    problem = _wrong(verb or link.verb.value, plain(label) or link.label)
    if problem is not None:
        return problem
    with transaction.atomic():
        locked(campaign)
        if campaign.offers.filter(url=link.url).exists():
            return Problem("offer_twice", "This address has its button already.")
        if campaign.offers.count() >= MOST:
            return Problem("offer_most", f"A page can have {MOST} links.", "Remove one above, then add it.")
        last = campaign.offers.aggregate(last=Max("position"))["last"] or 0
        offer = campaign.offers.create(
            service=link.service,
            label=plain(label) or link.label,
            verb=verb or link.verb.value,
            url=link.url,
            position=last + 1,
        )
        campaign.touch()
        return offer


def change(
    campaign: Campaign, offer_id: int, *, verb: str | None = None, label: str | None = None
) -> Problem | None:
    """Change a button's verb or name; what is not given stays. One that is gone is left alone."""
    offer = campaign.offers.filter(pk=offer_id).first()
    if offer is None:
        return None
    offer.verb = offer.verb if verb is None else verb
    offer.label = offer.label if label is None else plain(label)
    problem = _wrong(offer.verb, offer.label)
    if problem is None:
        offer.save(update_fields=["verb", "label"])
        campaign.touch()
    return problem


def move(campaign: Campaign, offer_id: int, step: int) -> None:
    """One up (-1) or down (+1)."""
    with transaction.atomic():
        locked(campaign)
        order = list(campaign.offers.all())
        at = next((index for index, offer in enumerate(order) if offer.pk == offer_id), None)
        if at is None or not 0 <= at + step < len(order):
            return
        order[at], order[at + step] = order[at + step], order[at]
        for position, offer in enumerate(order, start=1):
            offer.position = position
        Offer.objects.bulk_update(order, ["position"])
        campaign.touch()


def remove(campaign: Campaign, offer_id: int) -> None:
    if campaign.offers.filter(pk=offer_id).delete()[0]:
        campaign.touch()


def _wrong(verb: str, label: str) -> Problem | None:
    if verb not in VERBS:
        return Problem("verb_unknown", "This is not a verb of a button.", f"It is {', '.join(VERBS)}.")
    if not label:
        return Problem("label_empty", "A button needs a name.", "Like Official store.")
    if len(label) > LONGEST_LABEL:
        wrong = f"The name has {len(label)} letters."
        return Problem("label_long", wrong, f"Use {LONGEST_LABEL} at the most.")
    return None
