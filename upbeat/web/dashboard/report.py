"""The report of a release: for the team, for whoever has its read-only link, and as a file."""

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.delivery import report_links
from upbeat.delivery.models import ReportLink
from upbeat.delivery.report import Report, report
from upbeat.web.dashboard import shell, words
from upbeat.web.dashboard.access import campaign_or_404, person_of, signed_in
from upbeat.web.dashboard.csv_lines import csv_lines
from upbeat.web.dashboard.recent import recent
from upbeat.web.dashboard.report_words import told

_PUBLIC = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}
_NO_ID = 2**63


@signed_in
@require_safe
def report_page(request: HttpRequest, id: int) -> HttpResponse:
    """The report as the team sees it, with what may be handed over."""
    return _page(request, campaign_or_404(request, id))


@signed_in
@require_safe
def export_report(request: HttpRequest, id: int, kind: str) -> HttpResponse:
    """The report as a file."""
    return _file(campaign_or_404(request, id), kind)


@signed_in
@require_POST
def make_report_link(request: HttpRequest, id: int) -> HttpResponse:
    """Make a read-only link. This answer is the only one that shows it."""
    campaign = campaign_or_404(request, id)
    key = report_links.make(campaign, person_of(request), clock.now())
    return _page(request, campaign, made=f"{settings.PUBLIC_URL}{reverse('public_report', args=[key])}")


@signed_in
@require_POST
def revoke_report_link(request: HttpRequest, id: int, link_id: int) -> HttpResponse:
    """From now on the link opens nothing."""
    campaign = campaign_or_404(request, id)
    if link_id >= _NO_ID or not report_links.revoke(campaign, link_id, clock.now()):
        raise Http404
    messages.info(request, "The link opens nothing any more.")
    return redirect("report", id)


@require_safe
def public_report(_request: HttpRequest, key: str) -> HttpResponse:
    """The report for whoever has the link: counts alone, no cookie, nothing to press but the files."""
    campaign = _opened(key)
    shown = told(_read(campaign), campaign)
    files = {kind: reverse("public_report_file", args=[key, kind]) for kind in ("csv", "json")}
    body = render_to_string("dashboard/report/public.html", shown | {"files": files})
    return HttpResponse(body, headers=_PUBLIC)


@require_safe
def public_report_file(_request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """The same as a file."""
    answer = _file(_opened(key), kind)
    for name, value in _PUBLIC.items():
        answer.headers[name] = value
    return answer


def _opened(key: str) -> Campaign:
    campaign = report_links.opened(key)
    if campaign is None:
        raise Http404
    return campaign


def _read(campaign: Campaign) -> Report:
    return recent("report", campaign, lambda: report(campaign, clock.now()))


def _page(request: HttpRequest, campaign: Campaign, made: str = "") -> HttpResponse:
    links = ReportLink.objects.filter(campaign=campaign, revoked_at=None).select_related("made_by")
    shown = told(_read(campaign), campaign)
    standing = [
        (link.pk, words.day_and_time(link.made_at, campaign.zone), link.made_by)
        for link in links.order_by("made_at", "id")
    ]
    files = {kind: reverse(f"export_report_{kind}", args=[campaign.pk]) for kind in ("csv", "json")}
    shown |= {"links": standing, "made": made, "files": files}
    return shell.release_page(request, "dashboard/report/page.html", campaign, "delivery", **shown)


def _file(campaign: Campaign, kind: str) -> HttpResponse:
    if kind not in ("csv", "json"):
        raise Http404
    read = _read(campaign)
    head = {
        "number": read.number,
        "as_of": read.as_of.isoformat(),
        "fingerprint": f"sha256:{read.fingerprint}",
    }
    if kind == "json":
        body = json.dumps(head | {"report": read.figures}, ensure_ascii=False, indent=1).encode()
        answer = HttpResponse(body, content_type="application/json")
    else:
        lines = [("", name, value) for name, value in head.items()]
        body = b"".join(csv_lines(("part", "what", "value"), [*lines, *leaves(read.figures)]))
        answer = HttpResponse(body, content_type="text/csv; charset=utf-8")
    name = f"{campaign.slug or f'release-{campaign.pk}'}-report-{read.number}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def leaves(figures: dict[str, Any]) -> Iterator[tuple[str, str, object]]:
    """Every figure with its place, one a line: `services 1`, `fans.delivered`, `6139`."""
    for part, value in figures.items():
        yield from _leaves(part, "", value)


def _leaves(part: str, what: str, value: Any) -> Iterator[tuple[str, str, object]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _leaves(part, f"{what}.{key}" if what else key, one)
    elif isinstance(value, list):
        for place, one in enumerate(value, 1):
            yield from _leaves(
                f"{part} {place}" if not what else part, what if not what else f"{what}.{place}", one
            )
    else:
        yield part, what, value
