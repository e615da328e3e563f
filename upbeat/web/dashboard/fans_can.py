"""What your fans can do: the ladder of this installation (`upbeat.web.abilities`), and asking the services again."""

from collections import Counter
from datetime import datetime, timedelta

from asgiref.sync import async_to_sync
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from upbeat import clock
from upbeat.artists.models import Team
from upbeat.clicks.models import HourlyCount
from upbeat.core.ladder import Rung
from upbeat.web import looks
from upbeat.web.abilities import abilities, summary
from upbeat.web.dashboard import shell, words
from upbeat.web.dashboard.access import person_of, signed_in, team_of
from upbeat.web.fan.said import Said

_LATELY = timedelta(days=30)


@signed_in
@require_safe
def fans_can(request: HttpRequest) -> HttpResponse:
    """Each service's rung, why, and what would have to be done for the next one up."""
    now, looked = clock.now(), looks.kept()
    rows = abilities(looked, turned_away(team_of(request), now))
    zone = person_of(request).zone
    at = words.looked(looked.at, now, zone) if looked.at else ""
    saves = any(row.rung is Rung.SAVE for row in rows)
    return shell.page(
        request,
        "dashboard/fans_can.html",
        rows=rows,
        summary=summary(rows),
        at=at,
        saves=saves,
        at_services=True,
    )


@signed_in
@require_POST
def look_again(request: HttpRequest) -> HttpResponse:
    """Ask every service now."""
    said = async_to_sync(looks.ask_all)()
    looks.keep(said, clock.now())
    if not said:
        messages.info(request, "No service has an app here, so there was none to ask.")
    return redirect("fans_can")


def turned_away(team: Team, now: datetime) -> Counter[str]:
    """By service, how many fans of this team it did not let in lately."""
    ending = f" {Said.NOT_OPEN}"
    counted = HourlyCount.objects.filter(
        campaign__release__artist__team=team, what=HourlyCount.FELL, hour__gt=now - _LATELY
    )
    found: Counter[str] = Counter()
    for subject, count in counted.filter(subject__endswith=ending).values_list("subject", "count"):
        found[subject.removesuffix(ending)] += count
    return found
