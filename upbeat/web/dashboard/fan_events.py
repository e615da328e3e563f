"""What happened to a fan, told: each event as a line with its time, its glyph and its words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from upbeat.campaigns.models import Campaign, Release
from upbeat.core.channels import EMAIL
from upbeat.core.delivery import State
from upbeat.core.hosts import label_of
from upbeat.core.outcome import Verdict
from upbeat.core.zones import zone
from upbeat.delivery.models import Attempt, Delivery
from upbeat.delivery.story import Event, Story, What
from upbeat.fans.models import PreSave
from upbeat.providers.base import Action
from upbeat.providers.registry import capabilities
from upbeat.web.dashboard.fans_words import STATES, because

READ_BACK = "read back"
"""How the attempt log names a look at what a fan has."""
_ONE_TRIP = timedelta(minutes=1)
"""A permission given so shortly before or after the pre-save is part of it."""
ACTIONS = {
    Action.SAVE: "Library",
    Action.PLAYLIST: "Playlist",
    Action.FOLLOW: "Follow",
    Action.REMIND: "Reminder",
}
_PERMITS = {
    Action.SAVE: "to add to the library",
    Action.FOLLOW: "to follow",
    Action.PLAYLIST: "to change playlists",
}
_MUSIC = {Release.ALBUM: "Album", Release.EP: "EP", Release.SINGLE: "Song"}
_GLYPHS = {Verdict.LATER: "retrying", Verdict.RECONNECT: "needs_fan", Verdict.REFUSED: "refused"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `release`: the instant itself, drawn as the bar line."""

    when: str
    glyph: str
    title: str
    detail: str = ""
    release: bool = False


def lines(campaign: Campaign, told: Story) -> list[Line]:
    """All of it, with the fan's own release instant where it belongs."""
    opens = campaign.opens_for(told.pre_saves[-1].zone) if campaign.opens_at else None
    found: list[Line] = []
    shown: datetime | None = None
    for at, (glyph, title, detail) in _in_order(campaign, told, opens):
        when = _when(at, shown, campaign.zone, seconds=opens is not None and at >= opens)
        found.append(Line(when, glyph, title, detail, release=not glyph))
        shown = at
    return found


def _in_order(
    campaign: Campaign, told: Story, opens: datetime | None
) -> Iterator[tuple[datetime, tuple[str, str, str]]]:
    bar = opens
    for event in told.events:
        words = _words(campaign, told, event)
        if words is None:
            continue
        if bar is not None and event.at >= bar:
            yield bar, ("", "Release", "")
            bar = None
        yield event.at, words
    if bar is not None:
        yield bar, ("", "Release", "")


def _when(at: datetime, shown: datetime | None, zone_name: str, *, seconds: bool) -> str:
    """The time alone while the day stays the same."""
    local = at.astimezone(zone(zone_name))
    same = shown is not None and shown.astimezone(zone(zone_name)).date() == local.date()
    time = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    return time if same else f"{local.day} {local:%b} {time}"


def _words(campaign: Campaign, told: Story, event: Event) -> tuple[str, str, str] | None:
    """Glyph, title and detail; None where another line says it already."""
    if event.delivery is not None:
        if event.attempt is not None:
            return _tried(campaign, told, event.delivery, event.attempt)
        return _ended(campaign, told, event.delivery)
    if event.consent is not None:
        if event.what is What.CONSENT_ENDED:
            return "withdrawn", "Took the yes to e-mail back", ""
        return (
            "fine",
            "Said yes to e-mail",
            f"“{event.consent.words}” (version {event.consent.words_version})",
        )
    assert event.pre_save is not None
    return _wished(campaign, event.pre_save, event.what)


def _wished(campaign: Campaign, wish: PreSave, what: What) -> tuple[str, str, str] | None:
    if wish.rung == PreSave.REMIND:
        return _reminded(wish, what)
    label, grant = label_of(wish.service), wish.connection
    together = abs(grant.granted_at - wish.created_at) <= _ONE_TRIP
    match what:
        case What.PRE_SAVED:
            return "fine", f"Pre-saved on {label}", _permits(wish) if together else ""
        case What.PERMISSION:
            return None if together else ("fine", f"Gave permission on {label}", _permits(wish))
        case What.PERMISSION_DEAD:
            return "needs_fan", "Permission ended", f"{label} says so. Only the fan can give it again."
    return "fine", "Pressed Complete", _choices(campaign, wish)


def _reminded(wish: PreSave, what: What) -> tuple[str, str, str] | None:
    """Of a reminder: it was asked for and confirmed in one; and its address may have ended."""
    match what:
        case What.PRE_SAVED:
            leads = label_of(wish.towards) if wish.towards else "the page"
            how = "Confirmed it by e-mail. " if wish.service == EMAIL else ""
            return "fine", "Asked to be reminded", f"{how}Its link leads to {leads}."
        case What.PERMISSION_DEAD:
            return "refused", f"{label_of(wish.service)} ended", "Nobody is there any more."
    return None


def _permits(wish: PreSave) -> str:
    scopes, granted = capabilities(wish.service).scopes, set(wish.connection.scopes)
    given = [words for action, words in _PERMITS.items() if granted and set(scopes[action]) <= granted]
    return f"Gave permission {_listed(given)}." if given else "Gave permission."


def _choices(campaign: Campaign, wish: PreSave) -> str:
    parts = []
    choice = getattr(wish, "playlist_choice", None)
    if choice is not None:
        parts.append(f"Wants it in {'a new playlist' if choice.is_new else 'the playlist'} “{choice.name}”.")
    offered = list(campaign.follow_targets.filter(service=wish.service))
    chosen = set(wish.follow_choices.values_list("target", flat=True))
    followed = [target.name for target in offered if target.pk in chosen]
    left_out = [target.name for target in offered if target.pk not in chosen]
    if followed:
        parts.append(f"Follows {_listed(followed)}.")
    if left_out:
        parts.append(f"Left out {_listed(left_out)}.")
    return " ".join(parts) or "Chose nothing besides."


def _tried(campaign: Campaign, told: Story, row: Delivery, one: Attempt) -> tuple[str, str, str]:
    label, verdict = label_of(row.service), Verdict(one.verdict)
    took = f"{label} answered in {one.milliseconds / 1000:.2f} s."
    if one.asked == READ_BACK:
        good = verdict in (Verdict.DONE, Verdict.ALREADY)
        return (
            ("verified", "Read back", f"It is there. {took}")
            if good
            else ("retrying", "Read back", one.note or took)
        )
    if verdict in (Verdict.DONE, Verdict.ALREADY):
        again = "It was there already. " if verdict is Verdict.ALREADY else ""
        return "delivered", _done(campaign, told, row), again + took
    if one.reason == "rate_limited":
        return (
            "retrying",
            f"{label} asked us to wait",
            "Nothing is sent in that time. It costs the fan nothing.",
        )
    words = because(State.RETRYING, one.reason, row.service) or one.note or "It did not work"
    what = {Action.PLAYLIST: "About the playlist. ", Action.FOLLOW: "About the follow. "}.get(
        Action(row.action), ""
    )
    note = one.note if one.note.rstrip(".") != words else ""
    return _GLYPHS[verdict], words, f"{what}{note or took}"


def _ended(campaign: Campaign, told: Story, row: Delivery) -> tuple[str, str, str] | None:
    state = State(row.state)
    if state is State.VERIFIED:
        return "verified", "Read back", f"{_done(campaign, told, row)}: it is there."
    what = ACTIONS[Action(row.action)]
    detail = row.note or because(state, row.reason, row.service)
    return state.value, f"{what}: {STATES[state].lower()}", f"{detail.rstrip('.')}." if detail else ""


def _done(campaign: Campaign, told: Story, row: Delivery) -> str:
    """What a delivery did, as a title."""
    release = campaign.release
    if row.action == Action.REMIND:
        return "Reminder sent"
    if row.action == Action.SAVE:
        return f"{_MUSIC.get(release.kind, 'Release')} added to the library"
    if row.action == Action.FOLLOW:
        return f"Followed {row.target.name if row.target else release.artist.name}"
    wish = next(wish for wish in told.pre_saves if wish.pk == row.pre_save_id)
    choice = getattr(wish, "playlist_choice", None)
    tracks = f"{release.track_count} tracks" if release.track_count > 1 else "The music"
    return f"{tracks} added to “{choice.name}”" if choice else f"{tracks} added to the playlist"


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
