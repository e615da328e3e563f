"""Whom fans may follow: the release's own artist, and at most three others besides (S2 to S4)."""

from django.db import transaction
from django.db.models import Max

from upbeat.campaigns.models import Campaign, FollowTarget
from upbeat.campaigns.setup import locked
from upbeat.core.problem import Problem
from upbeat.providers.base import Entity, Kind

_MOST = FollowTarget.MOST_ADDITIONAL
_NUMBER = {3: "three"}
FOURTH_RIGHT = "Remove one above, then add it."


def add(
    campaign: Campaign, entity: Entity, *, main: bool = False, ticked: bool = True
) -> FollowTarget | Problem:
    """Add one. An artist of the release's own name becomes the main artist while there is none."""
    with transaction.atomic():
        locked(campaign)
        mine = campaign.follow_targets.filter(service=entity.service)
        if main or (_is_by_name(campaign, entity) and not mine.filter(main=True).exists()):
            return set_main(campaign, entity)
        known = mine.filter(kind=entity.kind.value, service_id=entity.id).first()
        if known is not None:
            return Problem("follow_twice", f"“{known.name}” is in the list already.")
        if mine.filter(main=False).count() >= _MOST:
            return fourth(entity.name)
        last = mine.aggregate(last=Max("position"))["last"] or 0
        target = campaign.follow_targets.create(**_fields(entity), ticked=ticked, position=last + 1)
        campaign.touch()
        return target


def fourth(name: str) -> Problem:
    return Problem(
        "follow_fourth",
        f"A page can ask for {_NUMBER[_MOST]} follows besides the artist. “{name}” would be the fourth.",
        FOURTH_RIGHT,
    )


def set_main(campaign: Campaign, entity: Entity) -> FollowTarget | Problem:
    """Make this artist the one that is always asked, in place of another."""
    if entity.kind is not Kind.ARTIST:
        return Problem("follow_main_kind", "Only an artist can be the release's own artist.")
    with transaction.atomic():
        mine = campaign.follow_targets.filter(service=entity.service)
        mine.filter(main=True).exclude(service_id=entity.id).delete()
        target, _ = campaign.follow_targets.update_or_create(
            service=entity.service,
            kind=entity.kind.value,
            service_id=entity.id,
            defaults={
                "name": entity.name[:200] or campaign.release.artist.name,
                "main": True,
                "ticked": True,
            },
        )
        campaign.touch()
        return target


def remove(campaign: Campaign, target_id: int) -> FollowTarget | None:
    """Take one off the list. None if it is not (or no longer) there."""
    target = campaign.follow_targets.filter(pk=target_id).first()
    if target is not None:
        target.delete()
        campaign.touch()
    return target


def tick(campaign: Campaign, target_id: int, ticked: bool) -> None:
    """Whether an additional one is ticked at the start. The main artist always is."""
    if campaign.follow_targets.filter(pk=target_id, main=False).update(ticked=ticked):
        campaign.touch()


def keep_picture(target: FollowTarget, path: str) -> None:
    """`path`: our own copy below the media folder."""
    target.image = path
    target.save(update_fields=["image"])
    target.campaign.touch()


def _is_by_name(campaign: Campaign, entity: Entity) -> bool:
    name = campaign.release.artist.name
    return entity.kind is Kind.ARTIST and bool(name) and entity.name.casefold() == name.casefold()


def _fields(entity: Entity) -> dict[str, str]:
    return {
        "service": entity.service,
        "kind": entity.kind.value,
        "service_id": entity.id,
        "name": (entity.name or entity.id)[:200],
    }
