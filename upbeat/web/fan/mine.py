"""What this browser may see: the pre-saves whose receipt keys it holds."""

from dataclasses import dataclass

from upbeat.campaigns.models import Campaign
from upbeat.fans.codes import fingerprint
from upbeat.fans.models import PreSave
from upbeat.web.fan.cookies import receipts_of


@dataclass(frozen=True, slots=True)
class Mine:
    """A fan's pre-save and the key of its receipt."""

    pre_save: PreSave
    key: str


def mine(campaign: Campaign, cookies: dict[str, str]) -> dict[str, Mine]:
    """The music the fan has pre-saved of a campaign, by service; a reminder is changed on its receipt alone.

    A key that opens nothing is as if it were not there.
    """
    keys = receipts_of(cookies, campaign.pk)
    prints = {fingerprint(key): key for key in keys.values()}
    related = (
        "connection",
        "fan",
        "playlist_choice",
        "campaign__release__artist__team",
        "campaign__release__cover",
    )
    rows = campaign.pre_saves.select_related(*related).filter(
        receipt__in=prints, rung=PreSave.SAVE, withdrawn_at=None
    )
    found = {
        row.service: Mine(row, prints[row.receipt]) for row in rows.prefetch_related("deliveries__target")
    }
    return {service: found[service] for service in keys if service in found}


def mine_beside(own: Mine, cookies: dict[str, str]) -> list[Mine]:
    """What the same fan pre-saved on other services in this browser."""
    there = mine(own.pre_save.campaign, cookies).values()
    return [one for one in there if one.pre_save.fan_id == own.pre_save.fan_id and one.key != own.key]


def reminder(campaign: Campaign, cookies: dict[str, str]) -> str:
    """The key of a reminder this browser has for the campaign, or ""."""
    prints = {fingerprint(key): key for key in receipts_of(cookies, campaign.pk).values()}
    rows = campaign.pre_saves.filter(receipt__in=prints, rung=PreSave.REMIND, withdrawn_at=None)
    return prints.get(rows.values_list("receipt", flat=True).first() or "", "")


def by_key(key: str) -> Mine | None:
    """The pre-save a receipt link opens."""
    related = (
        "connection",
        "fan",
        "playlist_choice",
        "campaign__release__artist__team",
        "campaign__release__cover",
    )
    rows = PreSave.objects.select_related(*related).prefetch_related("deliveries__target")
    pre_save = rows.filter(receipt=fingerprint(key)).first()
    return Mine(pre_save, key) if pre_save else None
