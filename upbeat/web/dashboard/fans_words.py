"""How one fan's delivery stands, in words: each state has a word, each reason a head and a sentence."""

from datetime import datetime

from upbeat.core.delivery import State
from upbeat.core.hosts import label_of
from upbeat.core.zones import zone
from upbeat.delivery.models import Delivery

STATES = {
    State.WAITING: "Waiting",
    State.QUEUED: "Queued",
    State.IN_PROGRESS: "In progress",
    State.PENDING_SOURCE: "Pending source",
    State.RETRYING: "Retrying",
    State.DELIVERED: "Delivered",
    State.VERIFIED: "Verified",
    State.NEEDS_FAN: "Needs the fan",
    State.WITHDRAWN: "Withdrawn",
    State.REFUSED: "Refused",
    State.EXPIRED: "Expired",
}
_REASONS = {
    "address_dead": ("Address ended", "Nobody is there any more to be reminded"),
    "address_gone": ("Address gone", "We no longer have the address"),
    "already": ("Was there already", "It was there already"),
    "app_refused": ("App not accepted", "{service} does not accept this installation’s app"),
    "account_not_allowed": ("Account not allowed", "{service} does not let this account do it"),
    "bad_request": ("Not accepted", "{service} did not accept what we asked"),
    "by_fan": ("Taken back", "The fan took it back"),
    "campaign_withdrawn": ("Release called off", "The release was called off"),
    "circuit_open": ("Permissions doubted", "{service} calls many permissions ended at once: we do not believe it"),
    "day_spent": ("Another day", "{service} serves so many fans a day"),
    "email_not_verified": ("E-mail not confirmed", "{service} wants the fan to confirm their e-mail address first"),
    "error": ("A fault of ours", "Something of ours broke"),
    "follow_forbidden": ("Follows full", "{service} lets this account follow nobody more"),
    "forbidden": ("Not allowed just now", "{service} did not allow it just now"),
    "gone": ("Release taken down", "{service} had shown the release and has it no more"),
    "grant_changed": ("Permission renewed", "The permission was renewed meanwhile"),
    "grant_dead": ("Permission ended", "{service} says the permission has ended"),
    "grant_doubted": ("Permission doubted", "{service} says the permission has ended: we ask again"),
    "held": ("Held", "{service} is held: it shows another release"),
    "library_full": ("Library full", "The library on {service} is full"),
    "network": ("Not reached", "{service} could not be reached"),
    "looking_first": ("Looked first", "We look whether it is there before we try again"),
    "mail_refused": ("Mail not wanted", "The mail server does not want this message"),
    "mail_server_down": ("Mail server away", "The mail server could not be used"),
    "mailbox_busy": ("Mailbox busy", "The mailbox asked us to come back later"),
    "no_channel": ("No channel", "{service} wants a channel of the fan’s own first"),
    "not_allow_listed": ("Not open to everyone yet", "{service} lets only named accounts in on this installation"),
    "not_chosen": ("Not chosen", "The fan chose something else"),
    "not_done": ("Not seen yet", "{service} does not show yet what it did"),
    "not_found_again": ("Gone again", "It was not there when we looked again"),
    "not_found_yet": ("Not shown yet", "{service} does not show the release yet"),
    "not_kept": ("Not kept", "{service} did not keep it"),
    "not_offered": ("Not on offer there", "{service} does not do this for the release"),
    "owner_not_premium": ("Owner without Premium", "{service} wants this installation’s owner to have Premium"),
    "playlist_busy": ("Playlist in use", "Another release is going into the fan’s playlists"),
    "playlist_hidden": ("Playlist half hidden", "{service} shows a part of the playlist: adding would lose the rest"),
    "playlist_gone": ("Playlist gone", "The playlist was deleted meanwhile"),
    "nothing_to_add": ("Nothing to add", "There was nothing to add"),
    "rate_limited": ("Asked to wait", "{service} asked us to wait"),
    "rating_disabled": ("Takes no likes", "The video on {service} takes no likes"),
    "renewing": ("Permission renewed", "The permission is being renewed"),
    "scope_missing": ("Permission left out", "The fan did not allow this step"),
    "service_error": ("Service had a fault", "{service} had a fault"),
    "token_refused": ("No fresh permission", "{service} gave no fresh permission just now"),
    "unauthorized": ("Permission not accepted", "{service} did not accept the permission just now"),
    "unconfirmed": ("Perhaps arrived", "It may have arrived, and is not sent twice"),
    "unreadable": ("Answer not readable", "{service} answered with something we cannot read"),
}  # fmt: skip
_ENDS = {
    State.NEEDS_FAN: "{service} says the permission has ended",
    State.REFUSED: "{service} said no",
    State.EXPIRED: "We tried for 14 days",
    State.WITHDRAWN: "The fan took it back",
    State.VERIFIED: "Read back: it is there",
    State.PENDING_SOURCE: "{service} does not show the release yet",
}


def head(reason: str) -> str:
    """A reason in two or three words, for a list to choose from."""
    return _REASONS[reason][0] if reason in _REASONS else reason.replace("_", " ").capitalize()


def because(state: State, reason: str, service: str) -> str:
    """Why it stands so, in a sentence without its stop. Empty where the state says it all."""
    label = label_of(service)
    if state is State.EXPIRED and reason == "held":
        words = "{service} was held, and nobody decided within 14 days"
    elif state is State.EXPIRED:
        words = (
            "{service} did not show the release within 14 days" if reason == "not_found_yet" else _ENDS[state]
        )
    elif state in (State.DELIVERED, State.VERIFIED):
        words = _REASONS[reason][1] if reason == "not_found_again" else _ENDS.get(state, "")
    else:
        words = _REASONS[reason][1] if reason in _REASONS else _ENDS.get(state, "")
    return words.format(service=label)


def sentence(row: Delivery, zone_name: str) -> str:
    """The same of one delivery, with the moment of its next try or of its end where that helps."""
    state = State(row.state)
    words = because(state, row.reason, row.service)
    if state is State.RETRYING and row.next_at is not None:
        until = f"{row.next_at.astimezone(zone(zone_name)):%H:%M:%S}"
        return (
            f"{words} until {until}"
            if row.reason == "rate_limited"
            else f"{words or 'Tried'}. Next try {until}"
        )
    if state is State.WITHDRAWN and row.settled_at is not None and not row.reason:
        local = row.settled_at.astimezone(zone(zone_name))
        return f"{words} on {local.day} {local:%b}"
    return words


def moment(at: datetime, zone_name: str, opens_at: datetime | None) -> str:
    """`25 Nov 19:40`; with seconds from the release on: `27 Nov 00:01:12`."""
    local = at.astimezone(zone(zone_name))
    seconds = opens_at is not None and at >= opens_at
    return f"{local.day} {local:%b} {local:%H:%M:%S}" if seconds else f"{local.day} {local:%b} {local:%H:%M}"
