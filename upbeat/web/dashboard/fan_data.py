"""All we hold of one fan for one campaign, as plain data: what somebody who asks for their data is given."""

from dataclasses import asdict

from upbeat.campaigns.models import Campaign
from upbeat.core.plain import plain
from upbeat.delivery.models import Attempt, Delivery
from upbeat.delivery.story import Story
from upbeat.fans.addresses import addresses
from upbeat.fans.models import PreSave


def data_of(campaign: Campaign, told: Story) -> dict[str, object]:
    """No token: only that there is one."""
    fan = told.pre_saves[0].fan
    data: dict[str, object] = plain(
        {
            "fan": fan.code,
            "since": fan.created_at,
            "release": campaign.release.title,
            "artist": campaign.release.artist.name,
            "pre_saves": [_wish(told, wish) for wish in told.pre_saves],
            "email_consents": [asdict(one) for one in addresses(campaign, fan.code)],
        }
    )
    return data


def _wish(told: Story, wish: PreSave) -> dict[str, object]:
    grant, choice = wish.connection, getattr(wish, "playlist_choice", None)
    return {
        "service": wish.service,
        "account": grant.account_id,
        "pre_saved_at": wish.created_at,
        "completed_at": wish.completed_at,
        "withdrawn_at": wish.withdrawn_at,
        "language": wish.language,
        "zone": wish.zone,
        "permission": {
            "given_at": grant.granted_at,
            "scopes": grant.scopes,
            "kept": bool(grant.sealed_access or grant.sealed_refresh),
            "ended_at": grant.dead_at,
        },
        "playlist": {"name": choice.name, "new": choice.is_new} if choice else None,
        "follows": [one.target.name for one in wish.follow_choices.select_related("target")],
        "deliveries": [_delivery(row) for row in told.deliveries if row.pre_save_id == wish.pk],
    }


def _delivery(row: Delivery) -> dict[str, object]:
    return {
        "action": row.action,
        "state": row.state,
        "reason": row.reason,
        "note": row.note,
        "due_at": row.due_at,
        "settled_at": row.settled_at,
        "next_at": row.next_at,
        "tries": [_try(one) for one in row.tries.all()],
    }


def _try(one: Attempt) -> dict[str, object]:
    return {
        "at": one.at,
        "asked": one.asked,
        "verdict": one.verdict,
        "reason": one.reason,
        "note": one.note,
        "status": one.status,
        "milliseconds": one.milliseconds,
    }
