"""A release at one look: how many, where from, and what they chose."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from upbeat import clock
from upbeat.campaigns.listed import is_native
from upbeat.campaigns.models import Campaign
from upbeat.clicks.models import HourlyCount
from upbeat.core.hosts import label_of
from upbeat.fans.models import Consent, PreSave
from upbeat.web.dashboard import shell, words
from upbeat.web.dashboard.access import campaign_or_404, signed_in
from upbeat.web.dashboard.notices import notices


@dataclass(frozen=True, slots=True)
class Service:
    """The pre-saves of one service."""

    service: str
    label: str
    fans: int
    completed: int
    playlists: int
    follows: int


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of the way from visit to complete: `of` is the part of the first one, in per cent."""

    label: str
    number: str
    of: str


@signed_in
@require_safe
def overview(request: HttpRequest, id: int) -> HttpResponse:
    """The figures until now."""
    campaign = campaign_or_404(request, id)
    now = clock.now()
    rows = _services(campaign)
    total = sum(row.fans for row in rows)
    opens = campaign.opens_at
    out = campaign.state == Campaign.PUBLISHED and campaign.is_out(now)
    return shell.release_page(
        request,
        "dashboard/overview.html",
        campaign,
        "overview",
        notices=notices(campaign),
        head=f"{words.in_figures(total)} pre-save{'s' * (total != 1)}",
        until=words.until(opens - now) if opens and not out else "",
        out=out,
        rows=rows,
        steps=_steps(campaign, total, sum(row.completed for row in rows)),
        emails=Consent.objects.filter(campaign=campaign, withdrawn_at=None).count(),
        offers=_offers(campaign),
    )


def _services(campaign: Campaign) -> list[Service]:
    mine = PreSave.objects.filter(campaign=campaign, withdrawn_at=None)
    grouped = mine.values("service").annotate(
        fans=Count("id", distinct=True),
        completed=Count("id", distinct=True, filter=Q(completed_at__isnull=False)),
        playlists=Count("playlist_choice", distinct=True),
        follows=Count("follow_choices", distinct=True),
    )
    return [Service(label=label_of(row["service"]), **row) for row in grouped.order_by("-fans", "service")]


def _steps(campaign: Campaign, given: int, completed: int) -> list[Step]:
    counted = HourlyCount.objects.filter(campaign=campaign, crawler=False)
    sums = dict(counted.values_list("what").annotate(sum=Sum("count")))
    numbers = {
        "Visited the page": sums.get(HourlyCount.VIEW, 0),
        "Pressed a button": sums.get(HourlyCount.TAP, 0),
        "Gave the permission": given,
        "Pressed Complete": completed,
    }
    most = max(*numbers.values(), 1)
    return [
        Step(label, words.in_figures(number), f"{100 * number / most:.2f}%")
        for label, number in numbers.items()
    ]


def _offers(campaign: Campaign) -> list[tuple[str, str]]:
    """Elsewhere: how often each pasted link and a service's own page was tapped, and the ways into a calendar, none of
    which we can see the end of; and the fans whom a save did not hold."""
    taps, native = _taps(campaign, HourlyCount.OFFER), _taps(campaign, HourlyCount.NATIVE)
    pasted = [
        (f"{offer.label}, its own page", native.get(offer.service, 0))
        if is_native(offer)
        else (offer.label, taps.get(str(offer.pk), 0))
        for offer in campaign.offers.all()
    ]
    calendars = sum(_taps(campaign, HourlyCount.CALENDAR).values())
    fell = sum(_taps(campaign, HourlyCount.FELL).values())
    more = [("Calendar", calendars), ("Went on one rung down", fell)]
    return [(label, words.in_figures(count)) for label, count in [*pasted, *(one for one in more if one[1])]]


def _taps(campaign: Campaign, what: str) -> dict[str, int]:
    counted = HourlyCount.objects.filter(campaign=campaign, crawler=False, what=what)
    return dict(counted.values_list("subject").annotate(sum=Sum("count")))
