"""The wrong-release guard: what goes out is what was announced, or the team has said that it is right.

Whatever changes here what is right fences off, in the same transaction, who still delivers what was right before.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from upbeat.artists.models import Person
from upbeat.campaigns.models import Campaign, ServiceLink
from upbeat.campaigns.seen import differs, differs_still, seen_of
from upbeat.core.delivery import State
from upbeat.core.link import Link
from upbeat.delivery import gate, waiting
from upbeat.delivery.alarms import Kind, end_alarm, raise_alarm
from upbeat.delivery.models import Batch
from upbeat.providers.base import Found
from upbeat.providers.registry import label

_NAMES = {
    "title": "title",
    "artist": "artist",
    "upc": "UPC",
    "isrc": "ISRC",
    "track_count": "number of tracks",
}
_UNKNOWN: dict[str, Any] = {
    "artist_id": "",
    "track_ids": [],
    "seen": {},
    "differs": [],
    "found_at": None,
    "held_at": None,
    "decided_at": None,
    "next_look_at": None,
}


@transaction.atomic
def take(link: ServiceLink, found: Found, now: datetime) -> bool:
    """Write down what a look at `link`, as it was read then, has found. True: it may go out, and who waited is due.

    If it is not what was announced it is held. A link that was changed meanwhile stays as it is.
    """
    campaign = _locked_campaign(link)
    as_read = ServiceLink.objects.select_for_update(of=("self",)).filter(
        pk=link.pk, service_id=link.service_id, next_look_at=link.next_look_at, held_at=None
    )
    mine = as_read.select_related("release__artist").first()
    if mine is None:
        return False
    unlike = differs(mine, found)
    _write(
        mine,
        kind=found.kind.value,
        service_id=found.id,
        url=found.url or mine.url,
        artist_id=found.artist_id,
        track_ids=list(found.track_ids),
        seen=seen_of(found),
        differs=unlike,
        found_at=None if unlike else now,
    )
    if campaign is None:
        return not unlike
    campaign.touch()
    if unlike:
        _hold(mine, campaign, now)
    else:
        waiting.wake(campaign, mine.service, now)
        gate.give_idle_chunks_jobs(campaign.pk, mine.service)
    return not unlike


@transaction.atomic
def approve(link: ServiceLink, person: Person | None, now: datetime) -> bool:
    """ "This is right": what the service shows goes out. False: nothing was held any more."""
    campaign = _locked_campaign(link)
    mine = ServiceLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if not mine.is_held or campaign is None:
        return False
    _write(mine, held_at=None, found_at=now, decided_at=now, decided_by=person)
    _go(campaign, mine.service, now)
    return True


@transaction.atomic
def use_link(link: ServiceLink, pasted: Link, person: Person | None, now: datetime) -> None:
    """ "Use this link instead" (S30): it is looked at within a second or two, compared like any other, and whoever
    waits goes out by themselves, or is held again."""
    campaign = _locked_campaign(link)
    mine = ServiceLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    new = {"kind": pasted.kind.value, "service_id": pasted.id, "url": pasted.url, "pasted": True}
    _write(mine, **_UNKNOWN | new, decided_by=person)
    if campaign is not None:
        _lose(campaign, mine.service, now)
        campaign.touch()


@transaction.atomic
def mended(campaign: Campaign, found: Mapping[str, Found], now: datetime) -> None:
    """The team has mended the release's links in set-up, where `found` is known: whatever is another one now than it
    was starts over, and is compared."""
    _locked_campaign_itself(campaign)
    links = {link.service: link for link in campaign.release.links.all()}
    for service in _services(campaign) | set(links):
        link = links.get(service)
        if link is None or service not in found:
            if link is None or link.found_at is None:
                _lose(campaign, service, now)
            continue
        waiting.fence(campaign, service)
        if take(link, found[service], now):
            _go(campaign, service, now)


@transaction.atomic
def announced_anew(campaign: Campaign, now: datetime) -> None:
    """The team has corrected what it announced (title, artist, UPC or ISRC): what is held only because of that goes
    out, what has another code now is held, and a release whose link went with its old code is looked for."""
    _locked_campaign_itself(campaign)
    links = ServiceLink.objects.select_for_update(of=("self",)).filter(release=campaign.release_id)
    known = {link.service: link for link in links.select_related("release__artist")}
    for service in _services(campaign) - set(known):
        _lose(campaign, service, now)
    for link in known.values():
        unlike = differs_still(link)
        if link.is_held and not unlike:
            _write(link, held_at=None, found_at=now, differs=[])
            _go(campaign, link.service, now)
        elif link.found_at is not None and {"upc", "isrc"} & set(unlike):
            _write(link, found_at=None, differs=unlike)
            _hold(link, campaign, now)
        elif link.is_held:
            _write(link, differs=unlike)
    campaign.touch()


@transaction.atomic
def release_batch(batch: Batch, person: Person | None, now: datetime) -> bool:
    """Let a batch go on that its canary has stopped. False: it was not stopped any more."""
    campaign = batch.campaign
    _locked_campaign_itself(campaign)
    stopped = Batch.objects.filter(pk=batch.pk, held_at__isnull=False)
    if not stopped.update(held_at=None, canary_passed_at=now):
        return False
    end_alarm(campaign, Kind.HELD, now, batch.service)
    waiting.wake(campaign, batch.service, now)
    gate.give_idle_chunks_jobs(campaign.pk, batch.service)
    return True


def _go(campaign: Campaign, service: str, now: datetime) -> None:
    """Begin, or begin again: with the canary."""
    end_alarm(campaign, Kind.HELD, now, service)
    waiting.fence(campaign, service)
    _reset(campaign, service)
    waiting.wake(campaign, service, now)
    gate.give_idle_chunks_jobs(campaign.pk, service)
    campaign.touch()


def _lose(campaign: Campaign, service: str, now: datetime) -> None:
    """Where the release is there is not known any more: nothing goes out until it has been found."""
    end_alarm(campaign, Kind.HELD, now, service)
    waiting.fence(campaign, service)
    _reset(campaign, service)
    waiting.pend(waiting.due_or_asleep(campaign, service, now), now)


def _hold(link: ServiceLink, campaign: Campaign, now: datetime) -> None:
    _write(link, held_at=now, next_look_at=None)
    waiting.fence(campaign, link.service)
    _reset(campaign, link.service)
    waiting.hold(waiting.due_or_asleep(campaign, link.service, now), now)
    raise_alarm(campaign, Kind.HELD, _sentence(link), now, link.service)


def _sentence(link: ServiceLink) -> str:
    names = [_NAMES[field] for field in link.differs]
    what = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    verb = "is" if len(names) == 1 else "are"
    return (
        f"{label(link.service)} shows another release than you announced: {what} {verb} not the same. "
        "Nothing goes out there until you have decided."
    )


def _reset(campaign: Campaign, service: str) -> None:
    """The canary begins afresh; what was served before is not looked for any more, it may be another release."""
    afresh = {"canary_began_at": None, "canary_passed_at": None, "canary_read": 0, "canary_good": 0}
    batches = Batch.objects.filter(campaign=campaign, service=service)
    batches.update(**afresh, held_at=None, done_at=None)
    campaign.deliveries.filter(service=service, sample=True, state=State.DELIVERED).update(sample=False)


def _services(campaign: Campaign) -> set[str]:
    return set(campaign.pre_saves.order_by().values_list("service", flat=True).distinct())


def _write(link: ServiceLink, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(link, name, value)
    link.save(update_fields=list(changes))


def _locked_campaign(link: ServiceLink) -> Campaign | None:
    """Everybody who changes a whole campaign × service takes the campaign first, then link, chunks, batch, rows."""
    return Campaign.objects.select_for_update(no_key=True).filter(release=link.release_id).first()


def _locked_campaign_itself(campaign: Campaign) -> None:
    list(Campaign.objects.select_for_update(no_key=True).filter(pk=campaign.pk).values("pk"))
