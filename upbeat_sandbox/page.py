"""The page at `/` that a person reads: the time, the releases, the fans, the last calls."""

from datetime import timedelta
from html import escape
from typing import Any

from upbeat_sandbox.catalogue import Album
from upbeat_sandbox.clock import iso
from upbeat_sandbox.consent import STYLE, template
from upbeat_sandbox.ledger import Entry
from upbeat_sandbox.people import Account
from upbeat_sandbox.played import SERVICES
from upbeat_sandbox.world import Service, World

FRONT = template("front.html")
SHOWN_FANS, SHOWN_CALLS = 24, 40
BUTTONS = (
    ("advance:60", "+ 1 minute"),
    ("advance:3600", "+ 1 hour"),
    ("advance:86400", "+ 1 day"),
    ("wall", "Back to now"),
)


def rendered(world: World, addresses: dict[str, Any]) -> str:
    now = world.clock.now()
    fans = [(service, fan) for service in world.services.values() for fan in agreed(service)]
    return FRONT.substitute(
        style=STYLE,
        iso=iso(now),
        time=now.strftime("%H:%M:%S"),
        day=now.strftime("%A, %-d %B %Y"),
        offset=told_offset(world),
        buttons=buttons(world),
        heads="".join(f"<th>{facts.label}</th>" for facts in SERVICES.values()),
        letters=len(world.post_office.letters) or "none yet",
        releases="".join(release_row(world, album) for album in by_moment(world)),
        fan_count=len(fans),
        fans=fan_list(fans),
        call_count=world.ledger.total,
        calls=call_table(list(world.ledger.entries)[-SHOWN_CALLS:][::-1]),
        services="".join(service_block(world.services[name], has) for name, has in addresses.items()),
        faults=len(world.faults.rules) or "none",
    )


def told_offset(world: World) -> str:
    span = round(world.clock.offset)
    if not span:
        return "The same as the wall clock."
    days, rest = divmod(abs(span), 86_400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    parts = [f"{count} {word}" for count, word in ((days, "d"), (hours, "h"), (minutes, "min")) if count]
    return f"{' '.join(parts) or 'Less than a minute'} {'ahead of' if span > 0 else 'behind'} the wall clock."


def by_moment(world: World) -> list[Album]:
    """What is to come first, the nearest on top; then what is out, the newest on top."""
    now = world.clock.now()
    coming = sorted(
        (one for one in world.catalogue.albums if one.released_at > now), key=lambda one: one.released_at
    )
    out = sorted(
        (one for one in world.catalogue.albums if one.released_at <= now), key=lambda one: one.released_at
    )
    return coming + out[::-1]


def buttons(world: World) -> str:
    """The next release first: that is what people come here for."""
    coming = [one for one in by_moment(world) if one.released_at > world.clock.now()][:1]
    jump = "".join(
        f'<button class="main" name="move" value="to:{iso(one.released_at)}">Jump to {escape(one.title)}</button>'
        for one in coming
    )
    return jump + "".join(f'<button name="move" value="{value}">{label}</button>' for value, label in BUTTONS)


def move(world: World, wanted: str) -> None:
    """Does what a button says; something else is ignored."""
    kind, _, value = wanted.partition(":")
    if kind == "advance" and value.isdecimal() and len(value) < 9:
        world.clock.advance(int(value))
    elif kind == "wall":
        world.clock.offset = 0.0
    elif kind == "to":
        moment = next(
            (one.released_at for one in world.catalogue.albums if iso(one.released_at) == value), None
        )
        if moment:
            world.clock.set_to(moment + timedelta(milliseconds=1))


def release_row(world: World, album: Album) -> str:
    now = world.clock.now()
    chips = "".join(
        f"<td>{visibility(album, service, album.visible(service, now))}</td>" for service in SERVICES
    )
    names = ", ".join(artist.name for artist in album.artists)
    line = f"{escape(names)} · {album.kind}"
    return (
        f'<tr><td><img src="/spotify/images/album-{album.spotify_id}-64.png" alt="" loading="lazy"></td>'
        f'<td class="title">{escape(album.title)}<br><small>{line}</small></td>'
        f'{chips}<td class="num">{album.released_at:%Y-%m-%d %H:%M}</td><td class="num">{album.upc}</td></tr>'
    )


def visibility(album: Album, service: str, visible: bool) -> str:
    if service not in album.services:
        return '<span class="chip">never</span>'
    facts = SERVICES[service]
    if visible and facts.site:
        return f'<a class="chip good" href="/{service}/{facts.site}/album/{album.ids[service]}">there</a>'
    if visible:
        return '<span class="chip good">there</span>'
    return '<span class="chip">not yet</span>'


def agreed(service: Service) -> list[Account]:
    """Everybody who has ever said yes to an application, in that order."""
    return list(dict.fromkeys(one.account for one in service.grants.approvals.values()))


def fan_list(fans: list[tuple[Service, Account]]) -> str:
    """The last ones to agree, and how many came before them."""
    if not fans:
        return '<p class="empty">Nobody has agreed to anything yet.</p>'
    more = len(fans) - SHOWN_FANS
    rest = (
        f'<p class="hint">and {more} before them: <a href="/_control/users">/_control/users</a></p>'
        if more > 0
        else ""
    )
    return "".join(fan_row(*pair) for pair in fans[-SHOWN_FANS:][::-1]) + rest


def fan_row(service: Service, account: Account) -> str:
    saved, followed = account.saved, account.followed
    mine = [one for one in followed["playlist"] if not one.deleted]
    lines = {
        "Albums": [one.title for one in saved["album"]],
        "Tracks": [one.title for one in saved["track"]],
        "Follows": [one.name for kind in ("artist", "user") for one in followed[kind]],
        "Playlists": [f"{one.name} ({len(one.entries)})" for one in mine],
    }
    shown = "".join(
        f"<dt>{name}</dt><dd>{escape(', '.join(held[:40])) or '–'}</dd>" for name, held in lines.items()
    )
    doubled = sum(one.duplicates() for one in mine if one.owner is account)
    chips = f'<span class="soft">{escape(counted(lines))}</span>'
    if doubled:
        chips += f' <span class="chip bad">{doubled} doubled on a playlist</span>'
    return (
        f'<details class="fan"><summary><b>{escape(account.name)}</b>'
        f'<span class="chip {service.name}">{service.label}</span>{chips}</summary><dl>{shown}</dl></details>'
    )


def counted(lines: dict[str, list[str]]) -> str:
    """`2 albums · 1 track`, of what there is."""
    words = (("Albums", "album"), ("Tracks", "track"), ("Follows", "follow"))
    told = [
        f"{len(lines[name])} {word}{'' if len(lines[name]) == 1 else 's'}"
        for name, word in words
        if lines[name]
    ]
    newest = [f"newest: {held[-1]}" for held in (lines["Albums"],) if held]
    return " · ".join(told + newest) or "nothing yet"


def call_table(entries: list[Entry]) -> str:
    if not entries:
        return '<p class="empty">No calls yet.</p>'
    names = ("#", "Time", "Service", "Call", "Answer", "Fan", "What was wrong")
    head = "".join(f"<th>{name}</th>" for name in names)
    rows = "".join(map(call_row, entries))
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def call_row(entry: Entry) -> str:
    good = entry.status is not None and entry.status < 400 and not entry.error
    words = "; ".join(
        [
            *([f"fault: {entry.fault}"] if entry.fault else []),
            *entry.wrong,
            *([entry.error] if entry.error else []),
        ]
    )
    return (
        f'<tr><td class="num soft">{entry.number}</td><td class="num">{entry.at[11:19]}</td><td>{entry.service}</td>'
        f"<td>{entry.method} {escape(entry.path[:60])}</td>"
        f'<td><span class="chip {"good" if good else "bad"}">{entry.status or "dropped"}</span></td>'
        f'<td>{escape(entry.user or "")}</td><td class="title"><small>{escape(words[:160])}</small></td></tr>'
    )


def service_block(service: Service, has: dict[str, str]) -> str:
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in has.items())
    turned = {name: value for name, value in service.switches.items() if value not in ([], None, False)}
    switches = "".join(f"<dt>{name}</dt><dd>{escape(str(value))}</dd>" for name, value in turned.items())
    return f'<div class="{service.name}"><h3>{service.label}</h3><dl>{rows}{switches}</dl></div>'
