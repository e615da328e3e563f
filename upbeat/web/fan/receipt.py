"""9: the receipt: what was promised and what became of it. Read only."""

from collections.abc import Iterator, Sequence

from upbeat.core.delivery import State
from upbeat.core.hosts import label_of
from upbeat.core.zones import city, zones_by_region
from upbeat.delivery.models import Delivery
from upbeat.fans.models import Consent, PreSave
from upbeat.providers.base import Action
from upbeat.web.fan.mine import Mine
from upbeat.web.fan.personal import again, own_page
from upbeat.web.fan.reminding import services
from upbeat.web.fan.sleeve import opens, sleeve
from upbeat.web.pages.view import (
    ClockPart,
    Moment,
    ReceiptGroup,
    ReceiptLine,
    ReceiptPage,
    ReceiptState,
    ReminderPart,
)

_STATES: dict[State, ReceiptState] = {
    State.WAITING: "waiting",
    State.QUEUED: "working",
    State.IN_PROGRESS: "working",
    State.RETRYING: "working",
    State.PENDING_SOURCE: "not_there_yet",
    State.DELIVERED: "done",
    State.VERIFIED: "done",
    State.NEEDS_FAN: "reconnect",
    State.WITHDRAWN: "taken_back",
    State.REFUSED: "refused",
    State.EXPIRED: "ended",
}


def receipt(mine: Mine, *, changes: bool, beside: Sequence[Mine] = ()) -> ReceiptPage:
    """The page. `changes`: this browser may also change the choices (it holds the cookie, and it is not out yet).

    `beside`: what the same person pre-saved elsewhere from this browser. Whoever holds the link alone is not shown it.
    """
    pre_save = mine.pre_save
    if pre_save.rung == PreSave.REMIND:
        return of_reminder(mine, may_move=changes)
    service = ReceiptGroup(label_of(pre_save.service), tuple(_service_lines(pre_save)))
    others = [
        ReceiptGroup(
            label_of(one.pre_save.service), tuple(_service_lines(one.pre_save)), own_receipt=f"/r/{one.key}"
        )
        for one in beside
    ]
    emails = tuple(_email_lines(pre_save))
    return ReceiptPage(
        sleeve=sleeve(pre_save.campaign, receipt_key=mine.key),
        groups=(service, *others, *((ReceiptGroup("", emails),) if emails else ())),
        change_url=f"{own_page(pre_save)}?change=1" if changes else "",
        yours=again(mine),
        clock=_clock(mine) if changes and pre_save.campaign.local else None,
    )


def of_reminder(mine: Mine, *, may_move: bool) -> ReceiptPage:
    """The same of a reminder. Whoever holds its link may change it: it was in a letter to them alone."""
    pre_save, kept = mine.pre_save, bool(mine.pre_save.connection.sealed_access)
    rows = list(pre_save.deliveries.all())
    lines = [_line(pre_save, row) for row in rows]
    lines.append(ReceiptLine("address", "", "agreed" if kept else "done"))
    waits = any(State(row.state).is_open for row in rows)
    own = f"/r/{mine.key}"
    part = ReminderPart(f"{own}/erase")
    if waits:
        options = services(pre_save.campaign)
        part = ReminderPart(f"{own}/erase", f"{own}/stop", f"{own}/towards", options, pre_save.towards)
    return ReceiptPage(
        sleeve=sleeve(pre_save.campaign, receipt_key=mine.key),
        groups=(ReceiptGroup("", tuple(lines), pre_save.service),),
        reminder=part,
        clock=_clock(mine) if may_move and waits and pre_save.campaign.local else None,
    )


def _clock(mine: Mine) -> ClockPart:
    """The way to say where the fan really is."""
    shown, regions = opens(mine.pre_save.campaign, mine.pre_save.zone), zones_by_region()
    if all(shown.zone != name for _, zones in regions for name, _ in zones):
        regions = [
            ("", [(shown.zone, city(shown.zone))]),
            *regions,
        ]  # what a browser may say and nobody chooses
    return ClockPart(f"/r/{mine.key}/zone", shown, regions)


def _service_lines(pre_save: PreSave) -> Iterator[ReceiptLine]:
    for row in pre_save.deliveries.all():
        yield _line(pre_save, row)
    connection = pre_save.connection
    kept = bool(connection.sealed_access or connection.sealed_refresh)
    given = Moment(connection.granted_at, pre_save.zone or pre_save.campaign.zone, yours=bool(pre_save.zone))
    yield ReceiptLine(
        "permission", label_of(pre_save.service), "agreed" if kept else "done", given if kept else None
    )


def _line(pre_save: PreSave, row: Delivery) -> ReceiptLine:
    zone = pre_save.zone or pre_save.campaign.zone
    at = row.settled_at or (row.due_at if row.state == State.WAITING else None)
    when = Moment(at, zone, yours=bool(pre_save.zone)) if at else None
    state = _STATES[State(row.state)]
    reason = row.note if state == "refused" else ""
    release = pre_save.campaign.release
    if row.action == Action.REMIND:
        name = label_of(pre_save.towards) if pre_save.towards else ""
        return ReceiptLine("reminder", name, state, when, reason)
    if row.action == Action.SAVE:
        return ReceiptLine("library", release.title, state, when, reason)
    if row.action == Action.FOLLOW:
        return ReceiptLine(
            "follow", row.target.name if row.target else release.artist.name, state, when, reason
        )
    playlist = getattr(pre_save, "playlist_choice", None)
    if playlist is None or playlist.is_new:
        return ReceiptLine("new_playlist", playlist.name if playlist else "", state, when, reason)
    return ReceiptLine("playlist", playlist.name, state, when, reason)


def _email_lines(pre_save: PreSave) -> Iterator[ReceiptLine]:
    zone = pre_save.zone or pre_save.campaign.zone
    for consent in Consent.objects.filter(fan=pre_save.fan, campaign=pre_save.campaign):
        at = consent.withdrawn_at or consent.given_at
        state: ReceiptState = "taken_back" if consent.withdrawn_at else "agreed"
        artist = pre_save.campaign.release.artist.name
        yield ReceiptLine("email", artist, state, Moment(at, zone, yours=bool(pre_save.zone)), consent.words)
