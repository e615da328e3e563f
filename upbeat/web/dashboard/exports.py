"""Exports (S38): every fan and every consent as CSV or JSON, sent as they are read."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from upbeat.campaigns.models import Campaign
from upbeat.delivery.fan_lines import FanLine, fan_lines
from upbeat.fans.addresses import Address, addresses
from upbeat.web.dashboard.access import campaign_or_404, signed_in
from upbeat.web.dashboard.csv_lines import csv_lines
from upbeat.web.dashboard.fans_filter import Filter

_AT_ONCE = 16_384
"""Bytes that go out together: a line by itself would be a message of its own to the browser."""
_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@signed_in
@require_safe
def export_fans(request: HttpRequest, id: int, kind: str) -> HttpResponseBase:
    """One line a pre-save, narrowed as the list is. No token and no address is in it."""
    campaign, chosen = campaign_or_404(request, id), Filter.of(request.GET)
    lines = fan_lines(campaign, lambda save: chosen.takes_row(save) and not chosen.says)
    head = [field.name for field in fields(FanLine)]
    found = (_plain(line, head) for line in lines if line.fan.startswith(chosen.code))
    return as_file(campaign, "fans", kind, head, found)


@signed_in
@require_safe
def export_consents(request: HttpRequest, id: int, kind: str) -> HttpResponseBase:
    """The addresses of those who said yes to e-mail, each with what they said yes to, and when."""
    campaign = campaign_or_404(request, id)
    head = [field.name for field in fields(Address)]
    found = (_plain(one, head) for one in addresses(campaign))
    return as_file(campaign, "consents", kind, head, found)


def as_file(
    campaign: Campaign, what: str, kind: str, head: list[str], lines: Iterable[dict[str, object]]
) -> StreamingHttpResponse:
    """The lines as a download; its name is made of the page's address, which has letters, digits and hyphens."""
    body = csv_lines(head, (line.values() for line in lines)) if kind == "csv" else _json(what, lines)
    answer = StreamingHttpResponse(_gathered(body), content_type=_TYPES[kind])
    name = f"{campaign.slug or f'release-{campaign.pk}'}-{what}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _plain(line: FanLine | Address, head: list[str]) -> dict[str, object]:
    """The line as a row. `dataclasses.asdict` copies each value, which half a million times is half a minute."""
    values = [(name, getattr(line, name)) for name in head]
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values}


def _json(what: str, lines: Iterable[dict[str, object]]) -> Iterator[bytes]:
    yield f'{{"{what}": ['.encode()
    before = "\n"
    for line in lines:
        yield (before + json.dumps(line, ensure_ascii=False)).encode()
        before = ",\n"
    yield b"\n]}\n"


def _gathered(parts: Iterable[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size >= _AT_ONCE:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)
