"""Which permission a fan is asked for: the least that covers what the page offers."""

from collections.abc import Iterable

from upbeat.campaigns.models import Campaign, FollowTarget
from upbeat.fans.models import PreSave
from upbeat.providers.base import Action, Kind
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
    """What the first trip asks for: unless the team is strict, also to read a save back."""
    asks = first_asks_follow(campaign, service)
    actions = (Action.SAVE, Action.FOLLOW) if asks else (Action.SAVE,)
    wanted = scopes(service, actions, kinds_of(offered_follows(campaign, service)))
    return wanted if campaign.strict else (*wanted, *capabilities(service).read_scopes)


def scopes_again(pre_save: PreSave) -> tuple[str, ...]:
    """What a fan is asked for whose permission has ended: the first trip's, and what they have chosen since."""
    service = pre_save.service
    follows = kinds_of(choice.target for choice in pre_save.follow_choices.select_related("target"))
    actions = [Action.FOLLOW] if follows else []
    if hasattr(pre_save, "playlist_choice"):
        actions.append(Action.PLAYLIST)
    wanted = (*first_scopes(pre_save.campaign, service), *scopes(service, actions, follows))
    return tuple(dict.fromkeys(wanted))


def kinds_of(targets: Iterable[FollowTarget]) -> frozenset[Kind]:
    """What kinds of things these are: a followed playlist needs more permission than a followed artist."""
    return frozenset(Kind(target.kind) for target in targets)


def offered_kinds(pre_save: PreSave) -> frozenset[Kind]:
    """What kinds of things this fan is offered to follow."""
    return kinds_of(offered_follows(pre_save.campaign, pre_save.service))


def scopes(service: str, actions: Iterable[Action], follows: Iterable[Kind] = ()) -> tuple[str, ...]:
    """Everything these actions need on this service, each once, in a steady order. `follows`: what is followed."""
    wanted = [*capabilities(service).base_scopes]
    for action in actions:
        wanted += _needed(service, action, follows)
    return tuple(dict.fromkeys(wanted))


def allows(granted: Iterable[str], service: str, action: Action, follows: Iterable[Kind] = ()) -> bool:
    """Whether what the fan granted covers an action."""
    return set(_needed(service, action, follows)) <= set(granted)


def _needed(service: str, action: Action, follows: Iterable[Kind]) -> list[str]:
    can = capabilities(service)
    needed = [*can.scopes.get(action, ())]
    if action is Action.FOLLOW:
        needed += [scope for kind in sorted(follows) for scope in can.follow_scopes.get(kind, ())]
    return needed
