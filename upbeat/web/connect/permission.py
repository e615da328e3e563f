"""Which permission a fan is asked for: the least that covers what the page offers."""

from collections.abc import Iterable

from upbeat.campaigns.models import Campaign, FollowTarget
from upbeat.providers.base import Action
from upbeat.providers.registry import capabilities


def offered_follows(campaign: Campaign, service: str) -> list[FollowTarget]:
    """Whom a fan may choose to follow on this service, the main artist first.

    None where follows wait for the day: there the release's artist is followed with the save (S27).
    """
    can = capabilities(service)
    if not can.follow_now:
        return []
    return [
        target
        for target in campaign.follow_targets.filter(service=service)
        if target.kind in can.follow_kinds
    ]


def first_asks_follow(campaign: Campaign, service: str) -> bool:
    """Whether the first permission covers following: where the page offers it, unless the team is strict; and where
    the artist is followed on the day."""
    if not capabilities(service).follow_now:
        return True
    return not campaign.strict and bool(offered_follows(campaign, service))


def first_scopes(campaign: Campaign, service: str) -> tuple[str, ...]:
    """What the first trip asks for."""
    asks = first_asks_follow(campaign, service)
    return scopes(service, (Action.SAVE, Action.FOLLOW) if asks else (Action.SAVE,))


def scopes(service: str, actions: Iterable[Action]) -> tuple[str, ...]:
    """Everything these actions need on this service, each once, in a steady order."""
    can = capabilities(service)
    wanted = [*can.base_scopes, *(scope for action in actions for scope in can.scopes.get(action, ()))]
    return tuple(dict.fromkeys(wanted))


def allows(granted: Iterable[str], service: str, action: Action) -> bool:
    """Whether what the fan granted covers an action."""
    return set(capabilities(service).scopes.get(action, ())) <= set(granted)
