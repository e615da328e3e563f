"""A real campaign becomes a script: read once, nothing written."""

from collections import Counter
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from upbeat.campaigns.models import Campaign, Release
from upbeat.commands.rehearsal.script import Script, Target
from upbeat.core.channels import CHANNELS, is_channel
from upbeat.delivery.models import Limiter
from upbeat.delivery.pace import allowed
from upbeat.fans.models import FollowChoice, PlaylistChoice, PreSave
from upbeat.providers.registry import capabilities, names

PLAYLIST_SHARE, NEW_SHARE, FOLLOW_SHARE = 0.2, 0.5, 0.6
"""Where no fan has chosen yet."""
ENOUGH = 20
"""So many fans have to have chosen before their shares are taken for those of all."""
MOST_ZONES = 40
PLAYED = (*names(), *CHANNELS)
"""What the sandbox can play: every service, and both ways a reminder goes."""
ZONES = {
    "Europe/Berlin": 0.22, "Europe/London": 0.14, "America/New_York": 0.14, "America/Los_Angeles": 0.1,
    "America/Chicago": 0.06, "America/Sao_Paulo": 0.08, "Asia/Tokyo": 0.06, "Asia/Kolkata": 0.06,
    "Australia/Sydney": 0.04, "Pacific/Auckland": 0.02, "Europe/Istanbul": 0.04, "Africa/Lagos": 0.04,
}  # fmt: skip
"""The zones of a local release's fans where nobody waits yet."""


class CannotRehearse(Exception):  # noqa: N818 - it is what happened
    """The message says why, and what would be right."""


def campaign_named(said: str) -> Campaign:
    """The campaign with this id, slug, or part of a title. `CannotRehearse` with a sentence where that is not one."""
    campaigns = Campaign.objects.select_related("release__artist")
    said = said.strip()
    if not said:
        raise CannotRehearse("Say which campaign: its id, its address, or a part of its title.")
    exact = Q(slug=said) | (Q(pk=int(said)) if _is_id(said) else Q())
    found = list(
        campaigns.filter(exact)[:1] or campaigns.filter(release__title__iexact=said).order_by("pk")[:9]
    )
    found = found or list(campaigns.filter(release__title__icontains=said).order_by("pk")[:9])
    if len(found) == 1:
        return found[0]
    if found:
        raise CannotRehearse(
            f"Several campaigns have “{said[:60]}” in their title: {_listed(found)}. Say the id."
        )
    known = list(campaigns.order_by("-pk")[:5])
    there = f"There are: {_listed(known)}." if known else "There is none here yet."
    raise CannotRehearse(f"No campaign has the id, the address or a title with “{said[:60]}”. {there}")


def read_script(campaign: Campaign, *, fans: int | None, faults: str, services: str = "") -> Script:
    """Everything the rehearsal needs. `fans` None: as many as wait. `CannotRehearse` where the night could not be.

    `services`: "all", or the names of those to play; "": those the campaign's fans are on.
    """
    release = campaign.release
    _check(campaign)
    waiting = campaign.pre_saves.filter(withdrawn_at=None)
    real_fans = waiting.count()
    mix = _wanted(services) if services else _services(waiting)
    playlist, new = _playlist_shares(campaign, waiting)
    return Script(
        campaign_id=campaign.pk, title=release.title, artist=release.artist.name, kind=release.kind,
        upc=release.upc, isrc=release.isrc, track_count=release.track_count, slug=campaign.slug or "rehearsal",
        day=str(campaign.day), time=f"{campaign.time:%H:%M:%S}", zone=campaign.zone, fold=campaign.fold,
        local=campaign.local, language=campaign.language, services=mix, pasted=_pasted(campaign) | _unsearchable(mix),
        targets=[
            Target(one.service, one.kind, one.name, one.main, one.ticked) for one in campaign.follow_targets.all()
        ],
        zones=_zones(campaign, waiting), playlist_share=playlist, new_playlist_share=new,
        follow_share=_follow_share(campaign, waiting), limits={name: _limits(name) for name in mix},
        real_fans=real_fans, fans=fans or max(real_fans, 1), faults=faults,
    )  # fmt: skip


def _is_id(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) < 16


def _listed(campaigns: Iterable[Campaign]) -> str:
    return ", ".join(f"{one.pk} {one.release.title or 'without a title'}" for one in campaigns)


def _check(campaign: Campaign) -> None:
    release, wrong = campaign.release, ""
    if campaign.state == Campaign.WITHDRAWN:
        wrong = "It has been called off."
    elif campaign.opens_at is None or campaign.day is None or campaign.time is None:
        wrong = "It has no day and time yet. Set them on its page, under When."
    elif not release.title.strip():
        wrong = "It has no title yet. Give it one on its page."
    elif not (release.upc or release.isrc or _pasted(campaign)):
        wrong = "It has no UPC, ISRC or link: on the night nobody could find it. Give it one on its page."
    if wrong:
        raise CannotRehearse(f"{release.title or 'This campaign'} cannot be rehearsed yet. {wrong}")


def _services(waiting: QuerySet[PreSave]) -> dict[str, float]:
    """The share of each service; of those that can be played. In equal parts where nobody waits."""
    found = Counter(dict(waiting.order_by().values_list("service").annotate(Count("id"))))
    mix = {name: found[name] for name in PLAYED if found[name]}
    if not mix:
        offered = [name for name in names() if settings.SERVICES[name].client_id]
        mix = {name: len(names()) - place for place, name in enumerate(offered or names())}
    return _shares(mix)


def _wanted(said: str) -> dict[str, float]:
    """Those that were named, in equal parts."""
    named = PLAYED if said.strip() == "all" else tuple(dict.fromkeys(said.replace(" ", "").split(",")))
    unknown = [name for name in named if name not in PLAYED]
    if unknown:
        raise CannotRehearse(f"There is no service “{unknown[0][:40]}”. There are: {', '.join(PLAYED)}.")
    return _shares(dict.fromkeys(named, 1))


def _unsearchable(mix: Iterable[str]) -> dict[str, str]:
    """Where no code is looked for: there the team pastes the link."""
    services = (name for name in mix if not is_channel(name))
    return {name: Release.ALBUM for name in services if not capabilities(name).finds_by}


def _shares(counted: dict[str, int]) -> dict[str, float]:
    total = sum(counted.values())
    return {name: number / total for name, number in counted.items()}


def _pasted(campaign: Campaign) -> dict[str, str]:
    links = campaign.release.links.filter(pasted=True).exclude(service_id="")
    return {link.service: link.kind for link in links if link.service in names()}


def _playlist_shares(campaign: Campaign, waiting: QuerySet[PreSave]) -> tuple[float, float]:
    if not campaign.offers_playlist:
        return 0.0, 0.0
    done = waiting.filter(completed_at__isnull=False).count()
    chosen = PlaylistChoice.objects.filter(pre_save__campaign=campaign, pre_save__withdrawn_at=None)
    wanted, new = chosen.count(), chosen.filter(is_new=True).count()
    if done < ENOUGH:
        return PLAYLIST_SHARE, NEW_SHARE
    return wanted / done, new / wanted if wanted else NEW_SHARE


def _follow_share(campaign: Campaign, waiting: QuerySet[PreSave]) -> float:
    done = waiting.filter(completed_at__isnull=False).count()
    if done < ENOUGH:
        return FOLLOW_SHARE
    who = FollowChoice.objects.filter(pre_save__campaign=campaign, pre_save__withdrawn_at=None)
    return min(1.0, who.values("pre_save").distinct().count() / done)


def _zones(campaign: Campaign, waiting: QuerySet[PreSave]) -> dict[str, float]:
    if not campaign.local:
        return {campaign.zone: 1.0}
    found = waiting.exclude(zone="").order_by().values_list("zone").annotate(many=Count("id"))
    most = dict(found.order_by("-many")[:MOST_ZONES])
    return _shares(most) if sum(most.values()) >= ENOUGH else ZONES


def _limits(service: str) -> tuple[float, float]:
    """As the limiter's row has them, where this installation has called the service before."""
    key, rate, most = allowed(service)
    row = Limiter.objects.filter(key=key).first()
    return (row.rate, row.max_rate) if row is not None else (rate, most)
