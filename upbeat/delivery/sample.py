"""Whose delivery will be read back: chosen at random when the deliveries are cut, whatever their number."""

import random
from datetime import datetime

from django.db.models import QuerySet

from upbeat.core import sample
from upbeat.delivery.engine.queue import defer_in_transaction
from upbeat.delivery.models import Chunk, Delivery
from upbeat.delivery.verify import SETTLE_TIME, may_read
from upbeat.fans.models import Connection, PreSave
from upbeat.providers.base import Action

_FEWEST, _MOST = 2_000, 20_000
"""How many ids are drawn: some belong to other rows, or to fans whose permission does not cover reading."""
_SPARE = 8


def choose(campaign_id: int, service: str, chunks: list[Chunk], before: int, opens_at: datetime) -> int:
    """Choose among the saves in freshly cut chunks, of which there were `before` already. Returns how many.

    Ids are drawn, not rows sorted: each row is as likely as any other, and five million cost as much as ten thousand.
    """
    rows = Delivery.objects.filter(campaign=campaign_id, service=service)
    first = (
        rows.filter(id__gte=chunks[0].lo).order_by("id").values_list("id", flat=True).first()
        if chunks
        else None
    )
    if first is None:
        return 0
    if not before:  # A release that was moved is cut anew.
        rows.filter(sample=True, next_at__isnull=False).update(sample=False)
    span, about = range(first, chunks[-1].hi + 1), len(chunks) * Chunk.MOST
    drawn = min(len(span), _MOST, max(_FEWEST, _SPARE * sample.size(about) * len(span) // about))
    saves = _saves(rows, random.sample(span, drawn))
    fans = len(saves) if drawn == len(span) else about
    readable = [pk for pk, scopes in saves if may_read(Connection(service=service, scopes=scopes))]
    chosen = random.sample(readable, min(_share(fans, before * Chunk.MOST), len(readable)))
    if not chosen:
        return 0
    theirs = PreSave.objects.filter(deliveries__in=chosen).values_list("pk", flat=True)
    playlists = Delivery.objects.filter(pre_save__in=list(theirs), action=Action.PLAYLIST)
    Delivery.objects.filter(pk__in=chosen).update(sample=True)
    playlists.filter(next_at__isnull=False).update(sample=True)
    defer_in_transaction(
        "verify", opens_at + SETTLE_TIME, queue=service, campaign_id=campaign_id, service=service
    )
    return len(chosen)


def _saves(rows: QuerySet[Delivery], ids: list[int]) -> list[tuple[int, list[str]]]:
    """The open saves among these, with what their fan's permission covers."""
    saves = rows.filter(pk__in=ids, action=Action.SAVE, next_at__isnull=False)
    return list(saves.values_list("pk", "pre_save__connection__scopes"))


def _share(new: int, before: int) -> int:
    """How many of the new ones: their part of what all together need, the fraction by chance."""
    if not new:
        return 0
    exact = sample.size(new + before) * new / (new + before)
    return int(exact + random.random())
