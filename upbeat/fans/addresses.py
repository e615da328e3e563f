"""The e-mail addresses fans shared, each with the proof of its consent: the only way they leave the books."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from upbeat.campaigns.models import Campaign
from upbeat.fans.models import Consent
from upbeat.fans.record import email_context
from upbeat.fans.sealing import SealError, open_seal

_log = logging.getLogger(__name__)
_STEP = 1_000


@dataclass(frozen=True, slots=True)
class Address:
    """One address, and the yes it was given with. `email` empty: its seal does not open any more."""

    email: str
    fan: str
    words: str
    words_version: str
    language: str
    given_at: datetime


def addresses(campaign: Campaign, fan_code: str = "") -> Iterator[Address]:
    """Of every consent to this campaign that stands, in the order they were given; or of one fan's."""
    standing = Consent.objects.filter(campaign=campaign, withdrawn_at=None)
    if fan_code:
        standing = standing.filter(fan__code=fan_code)
    last = 0
    while step := list(standing.filter(id__gt=last).select_related("fan").order_by("id")[:_STEP]):
        last = step[-1].pk
        for consent in step:
            yield Address(
                _opened(consent), consent.fan.code, consent.words, consent.words_version, consent.language,
                consent.given_at,
            )  # fmt: skip


def _opened(consent: Consent) -> str:
    try:
        return open_seal(consent.sealed_email, context=email_context(consent.fan_id, consent.campaign_id))
    except SealError as problem:
        _log.warning("The address of consent %s cannot be read: %s", consent.pk, problem)
        return ""
