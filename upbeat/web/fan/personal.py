"""A fan's own pages: success and extras (3), done (4), already in your library (8b)."""

from collections.abc import Sequence
from typing import Literal, cast

from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.core.delivery import State
from upbeat.core.hosts import label_of
from upbeat.delivery.models import Delivery
from upbeat.delivery.plan import is_early
from upbeat.delivery.reconnect import must_reconnect
from upbeat.fans.models import Consent, PreSave
from upbeat.providers.base import Action, Playlist
from upbeat.providers.registry import capabilities
from upbeat.web.connect.choices import Choices
from upbeat.web.connect.permission import allows, offered_follows, offered_kinds
from upbeat.web.fan.mine import Mine
from upbeat.web.fan.public import offers_save
from upbeat.web.fan.rows import playable
from upbeat.web.fan.sleeve import opens, sleeve
from upbeat.web.pages.view import (
    ConsentPart,
    DoneLine,
    DonePage,
    Extras,
    FollowRow,
    NewsBand,
    PlaylistPart,
    SuccessPage,
    Yours,
)

Told = Literal["on_the_day", "working", "done", "not_done"]
FollowKind = Literal["artist", "playlist", "user"]

_THERE = (State.DELIVERED, State.VERIFIED)
_LOST = (State.REFUSED, State.EXPIRED, State.NEEDS_FAN)


def own_page(pre_save: PreSave) -> str:
    return f"/{pre_save.campaign.slug}/{pre_save.service}/yours"


def success(
    mine: Mine,
    *,
    chosen: Choices,
    playlists: Sequence[Playlist] | None,
    playlist_error: str = "",
    consent: ConsentPart | None = None,
    twice: bool = False,
    trouble: NewsBand | None = None,
) -> SuccessPage:
    """3: the pre-save, and what may be added to it. `playlists` None: not allowed to see them, or they did not come."""
    pre_save = mine.pre_save
    campaign = pre_save.campaign
    return SuccessPage(
        sleeve=sleeve(campaign, receipt_key=mine.key),
        service=pre_save.service,
        label=label_of(pre_save.service),
        opens=opens(campaign, pre_save.zone),
        extras=Extras(
            action=own_page(pre_save),
            follows=_follow_rows(campaign, pre_save, chosen),
            playlist=_playlist_part(pre_save, chosen, playlists, playlist_error),
            consent=(consent or ConsentPart()) if campaign.offers_email and not _agreed(pre_save) else None,
            follow_asks=not allows(
                pre_save.connection.scopes, pre_save.service, Action.FOLLOW, offered_kinds(pre_save)
            ),
        ),
        twice=twice,
        trouble=trouble,
        early=_early(pre_save),
    )


def done(mine: Mine, *, twice: bool = False) -> DonePage:
    """4: what happens when."""
    pre_save = mine.pre_save
    return DonePage(
        sleeve=sleeve(pre_save.campaign, receipt_key=mine.key),
        label=label_of(pre_save.service),
        opens=opens(pre_save.campaign, pre_save.zone),
        lines=tuple(_lines(pre_save)),
        calendar_url=f"/{pre_save.campaign.slug}/calendar",
        change_url=f"{own_page(pre_save)}?change=1",
        songs=pre_save.campaign.release.track_count,
        twice=twice,
        follows_later=not capabilities(pre_save.service).follow_now,
        yours=again(mine),
    )


def yours(mine: Mine) -> Yours:
    """8b: how the fan's own save stands."""
    pre_save = mine.pre_save
    state = next(
        (State(row.state) for row in pre_save.deliveries.all() if row.action == Action.SAVE), State.WAITING
    )
    links = {link.service: link for link in playable(pre_save.campaign)}
    slug, service = pre_save.campaign.slug, pre_save.service
    told: Literal["in_library", "on_the_way", "refused"]
    if state in _THERE:
        told = "in_library"
    elif asked := again(mine):
        return asked
    else:
        told = "refused" if state in _LOST else "on_the_way"
    play = f"/{slug}/play/{service}" if service in links else ""
    return Yours(service=service, label=label_of(service), state=told, play_url=play)


def again(mine: Mine) -> Yours | None:
    """The band that asks for a new permission, with its button; None where none is needed, or where the service
    cannot be asked here, or would give one that ends too soon again."""
    pre_save = mine.pre_save
    campaign, service = pre_save.campaign, pre_save.service
    if not must_reconnect(pre_save) or campaign.state != Campaign.PUBLISHED:
        return None
    if not offers_save(campaign, service, clock.cached_now()):
        return None
    return Yours(service, label_of(service), "reconnect", reconnect_url=f"/r/{mine.key}/reconnect")


def _early(pre_save: PreSave) -> Literal["", "done", "working"]:
    """Whether the save did not wait for the instant, and how it stands."""
    if not is_early(pre_save):
        return ""
    there = [row for row in pre_save.deliveries.all() if row.action == Action.SAVE and row.state in _THERE]
    return "done" if there else "working"


def chosen_before(pre_save: PreSave) -> Choices:
    """What the form starts with: the choice made before; else the team's ticks, the main artist ticked (S6)."""
    if pre_save.completed_at is None:
        targets = offered_follows(pre_save.campaign, pre_save.service)
        return Choices(tuple(target.pk for target in targets if target.main or target.ticked))
    follows = tuple(pre_save.follow_choices.values_list("target_id", flat=True))
    playlist = getattr(pre_save, "playlist_choice", None)
    if playlist is None:
        return Choices(follows)
    return Choices(follows, "new" if playlist.is_new else "mine", playlist.playlist_id, playlist.name)


def _follow_rows(campaign: Campaign, pre_save: PreSave, chosen: Choices) -> tuple[FollowRow, ...]:
    return tuple(
        FollowRow(
            key=str(target.pk),
            name=target.name,
            kind=cast("FollowKind", target.kind),
            image=f"/media/{target.image}" if target.image else "",
            ticked=target.pk in chosen.follows,
        )
        for target in offered_follows(campaign, pre_save.service)
    )


def _playlist_part(
    pre_save: PreSave, chosen: Choices, playlists: Sequence[Playlist] | None, error: str
) -> PlaylistPart | None:
    if not pre_save.campaign.offers_playlist:
        return None
    return PlaylistPart(
        chosen=chosen.playlist,
        mine=None if playlists is None else tuple((one.id, one.name) for one in playlists),
        picked=chosen.playlist_id,
        name=chosen.name,
        error=error,
        asks=not allows(pre_save.connection.scopes, pre_save.service, Action.PLAYLIST),
    )


def _lines(pre_save: PreSave) -> list[DoneLine]:
    """The save, the playlist, everybody to follow in one line, the e-mail."""
    release = pre_save.campaign.release
    rows = [row for row in pre_save.deliveries.all() if row.state != State.WITHDRAWN]
    lines = []
    for row in rows:
        if row.action == Action.SAVE:
            lines.append(DoneLine("library", release.title, _told(row), row.note))
        elif row.action == Action.PLAYLIST:
            playlist = pre_save.playlist_choice
            lines.append(
                DoneLine(
                    "new_playlist" if playlist.is_new else "playlist", playlist.name, _told(row), row.note
                )
            )
    follows = [row for row in rows if row.action == Action.FOLLOW]
    lines += [_follow_line(follows, release.artist.name)] if follows else []
    lines += [DoneLine("email", release.artist.name, "done")] if _agreed(pre_save) else []
    return lines


def _follow_line(rows: list[Delivery], artist: str) -> DoneLine:
    names = [row.target.name if row.target else artist for row in rows]
    told = {_told(row) for row in rows}
    worst_first: tuple[Told, ...] = ("not_done", "working", "on_the_day", "done")
    state = next(one for one in worst_first if one in told)
    reason = next((row.note for row in rows if _told(row) == state), "")
    return DoneLine("follow", ", ".join(names), state, reason if state == "not_done" else "")


def _told(row: Delivery) -> Told:
    state = State(row.state)
    if state in _THERE:
        return "done"
    if state in _LOST:
        return "not_done"
    return "on_the_day" if state is State.WAITING else "working"


def _agreed(pre_save: PreSave) -> bool:
    return Consent.objects.filter(fan=pre_save.fan, campaign=pre_save.campaign, withdrawn_at=None).exists()
