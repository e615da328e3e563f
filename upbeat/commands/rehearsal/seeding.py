"""Who takes part: the release in the sandbox's catalogue, the campaign in the throw-away store, and the fans.

All in bulk: a set of rows at a time, never a fan at a time.
"""

import random
from datetime import date, datetime, time, timedelta

from django.db import transaction

from upbeat.artists.models import Artist, Team
from upbeat.campaigns.models import Campaign, FollowTarget, Release, ServiceLink
from upbeat.commands.rehearsal.control import Control
from upbeat.commands.rehearsal.guests import Guest, Music
from upbeat.commands.rehearsal.reminded import addresses
from upbeat.commands.rehearsal.script import Script
from upbeat.core.channels import is_channel, main_action
from upbeat.delivery.models import Delivery
from upbeat.delivery.plan import schedule_release
from upbeat.fans.models import Connection, Fan, FollowChoice, PlaylistChoice, PreSave
from upbeat.fans.sealing import seal
from upbeat.providers.base import Action, Asks, Kind
from upbeat.providers.registry import capabilities, label, names

LATE_SHARE = 0.05
"""Of those who follow: who presses COMPLETE in the last minute, so that the follows fall into the night."""
NEW_PLAYLIST = "First listen"
UNFINISHED_SHARE = 0.15
"""Of those who chose nothing: who left before COMPLETE."""
_BATCH = 1000


def make_campaign(script: Script) -> Campaign:
    """The campaign of the script, published; its rows and nothing of anybody's."""
    team = Team.objects.create(name="Rehearsal")
    artist = Artist.objects.create(team=team, name=script.artist)
    release = Release.objects.create(
        artist=artist, title=script.title, kind=script.kind, upc=script.upc, isrc=script.isrc,
        track_count=script.track_count,
    )  # fmt: skip
    campaign = Campaign(
        release=release, slug=script.slug, day=date.fromisoformat(script.day), time=time.fromisoformat(script.time),
        zone=script.zone, fold=script.fold, local=script.local, language=script.language, state=Campaign.PUBLISHED,
    )  # fmt: skip
    campaign.derive_moment()
    assert campaign.opens_at is not None
    campaign.created_at = campaign.published_at = campaign.opens_at - timedelta(days=30)
    campaign.save()
    return campaign


def make_music(control: Control, script: Script, campaign: Campaign, late: dict[str, float]) -> Music:
    """Have the services release it at the campaign's instant, or so many seconds `late`."""
    assert campaign.opens_at is not None
    timing = {
        "released_at": campaign.opens_at.isoformat(),
        "delays": late,
        "services": sorted(service for service in script.services if not is_channel(service)),
    }
    upc = script.upc[1:] if len(script.upc) == 14 else script.upc
    known = {int(one["upc"]): one for one in control.ask("GET", "/releases")["releases"]}
    there = known.get(int(upc)) if upc else None
    if there is not None:
        control.ask("DELETE", f"/releases/{there['upc']}")
    count = script.track_count or (1 if script.kind == "single" else 10)
    tracks: list[dict[str, str]] = [{"title": f"{script.title}, {place}"} for place in range(1, count + 1)]
    if script.isrc:
        tracks[0] |= {"isrc": script.isrc}
    if count == 1:
        tracks[0] |= {"title": script.title}
    wanted = {
        "title": script.title, "artists": [script.artist], "tracks": tracks,
        "kind": "single" if script.kind == "single" else "album",
    }  # fmt: skip
    if len(upc) in (12, 13):
        wanted["upc"] = upc
    made = control.ask("POST", "/releases", wanted | timing)["releases"][0]
    artist = control.ask("POST", "/artists", {"names": [script.artist]})["artists"][0]
    streaming = [service for service in script.services if not is_channel(service)]
    for service, kind in script.pasted.items():
        link = made if kind == "album" else made["tracks"][0]
        ServiceLink.objects.create(
            release=campaign.release, service=service, kind=kind, service_id=link[service]["id"],
            url=link[service]["url"], pasted=True,
        )  # fmt: skip
    return Music(
        upc=made["upc"],
        ids={service: made[service]["id"] for service in streaming},
        tracks={service: [track[service]["id"] for track in made["tracks"]] for service in streaming},
        artist={service: artist[service]["id"] for service in streaming},
    )


def make_targets(control: Control, script: Script, campaign: Campaign) -> list[FollowTarget]:
    """Whom the campaign offers to follow: artists of the same names, and any playlist or profile of the sandbox's."""
    names = [one.name.strip()[:80] or "An artist" for one in script.targets if one.kind == Kind.ARTIST]
    made = control.ask("POST", "/artists", {"names": names})["artists"] if names else []
    artists = {one["name"]: one for one in made}
    known = control.ask("GET", "/catalogue")
    spare = {Kind.PLAYLIST.value: list(known["playlists"]), Kind.USER.value: list(known["profiles"])}
    targets: list[FollowTarget] = []
    for place, one in enumerate(script.targets):
        if one.kind == Kind.ARTIST:
            found = artists.get(one.name.strip()[:80] or "An artist", {}).get(one.service)
        else:
            found = next((item for item in spare.get(one.kind, []) if item["service"] == one.service), None)
            spare[one.kind] = [item for item in spare.get(one.kind, []) if item is not found]
        if found and not any(had.service_id == found["id"] and had.kind == one.kind for had in targets):
            targets.append(
                FollowTarget(
                    campaign=campaign, service=one.service, kind=one.kind, service_id=found["id"], name=one.name,
                    main=one.main, ticked=one.ticked, position=place,
                )
            )  # fmt: skip
    return FollowTarget.objects.bulk_create(targets)


def invite(control: Control, script: Script, targets: list[FollowTarget], dead_share: float) -> list[Guest]:
    """The fans have given their permission at the services. Who wants what is dealt by the script's shares."""
    dice, guests = random.Random(script.campaign_id), []
    for service, number in _dealt(script.services, script.fans).items():
        if is_channel(service):
            guests += [
                Guest(0, said["name"], service, "", said) for said in addresses(control, service, number)
            ]
            continue
        if capabilities(service).asks is Asks.REDIRECT and not capabilities(service).brings_refresh:
            control.turn(service, gives_refresh_token=True)  # Without one nobody is asked to pre-save there.
        owners = round(number * script.playlist_share * (1 - script.new_playlist_share))
        scopes = _scopes(service)
        crowds = (("fan", number - owners, False), ("collector", owners, True))
        for word, many, playlists in crowds:
            if not many:
                continue
            prefix = f"{label(service)} {word}"
            given = control.grants(service, scopes, count=many, prefix=prefix, playlists=playlists)
            guests += [
                Guest(0, said["name"], service, "", said, playlist="?" if playlists else "") for said in given
            ]
    _deal(dice, script, guests, targets, dead_share)
    _open_playlists(control, guests)
    return guests


@transaction.atomic
def write(campaign: Campaign, guests: list[Guest], targets: list[FollowTarget], now: datetime) -> None:
    """Their rows, as the page would have written them one by one."""
    team, done = campaign.team, {target.service_id: target for target in targets}
    dice = random.Random(campaign.pk)
    Fan.objects.bulk_create(
        [Fan(pk=one.number, team=team, code=f"F-R{one.number:06d}", created_at=now) for one in guests], _BATCH
    )
    Connection.objects.bulk_create([_connection(one, team, now) for one in guests], _BATCH)
    PreSave.objects.bulk_create([_pre_save(one, campaign, now, dice) for one in guests], _BATCH)
    PlaylistChoice.objects.bulk_create(
        [
            PlaylistChoice(
                pre_save_id=one.number,
                name=one.playlist,
                playlist_id=one.playlist_id,
                is_new=not one.playlist_id,
            )
            for one in guests
            if one.playlist
        ],
        _BATCH,
    )
    FollowChoice.objects.bulk_create(
        [FollowChoice(pre_save_id=one.number, target=done[whom]) for one in guests for whom in one.follows],
        _BATCH,
    )
    Delivery.objects.bulk_create(
        [row for one in guests for row in _deliveries(one, campaign, done, now)], _BATCH
    )
    schedule_release(campaign)


def _dealt(shares: dict[str, float], number: int) -> dict[str, int]:
    """So many fans over the services: rounded, the largest share takes what is left, nobody goes empty if it can be."""
    dealt = {name: max(1, round(share * number)) for name, share in shares.items()}
    largest = max(dealt, key=lambda name: dealt[name])
    dealt[largest] += number - sum(dealt.values())
    return {name: many for name, many in dealt.items() if many > 0}


def _scopes(service: str) -> list[str]:
    can = capabilities(service)
    wanted = [
        *can.base_scopes,
        *can.read_scopes,
        *(scope for scopes in can.scopes.values() for scope in scopes),
    ]
    return list(
        dict.fromkeys([*wanted, *(scope for scopes in can.follow_scopes.values() for scope in scopes)])
    )


def _deal(
    dice: random.Random, script: Script, guests: list[Guest], targets: list[FollowTarget], dead_share: float
) -> None:
    zones, weights = list(script.zones), list(script.zones.values())
    new = script.playlist_share * script.new_playlist_share
    for number, one in enumerate(guests, start=1):
        one.number = number
        one.zone = dice.choices(zones, weights)[0]
        if is_channel(one.service):
            continue
        if not one.playlist and dice.random() < new / max(1 - (script.playlist_share - new), 0.01):
            one.playlist = NEW_PLAYLIST
        mine = [target.service_id for target in targets if target.service == one.service]
        if mine and capabilities(one.service).follow_now and dice.random() < script.follow_share * LATE_SHARE:
            one.follows = mine
    may = [one for one in guests if one.service in names() and capabilities(one.service).brings_refresh]
    for one in dice.sample(may, round(len(may) * dead_share)):
        one.revokes = True


def _open_playlists(control: Control, guests: list[Guest]) -> None:
    """Which playlist a collector chose, and what is in it."""
    for service in {one.service for one in guests if one.playlist == "?"}:
        fans = control.fans(service)
        for one in guests:
            if one.service == service and one.playlist == "?":
                chosen = next(shelf for shelf in fans[one.name]["playlists"] if shelf["own"])
                one.playlist, one.playlist_id = chosen["name"], chosen["id"]
                one.had = [track["id"] for track in chosen["tracks"]]


def _connection(one: Guest, team: Team, now: datetime) -> Connection:
    life, said = None if is_channel(one.service) else capabilities(one.service).grant_life, one.said
    lasts = said["expires_in"]
    return Connection(
        pk=one.number, fan_id=one.number, team=team, service=one.service, account_id=said["id"],
        scopes=sorted(said["scope"].split()), granted_at=now, token_version=1,
        dies_at=now + life if life is not None else None,
        access_expires_at=now + timedelta(seconds=lasts) if lasts else None,
        sealed_access=seal(said["access_token"], context=f"connection {one.number} access"),
        sealed_refresh=seal(said["refresh_token"], context=f"connection {one.number} refresh")
        if said["refresh_token"] else b"",
    )  # fmt: skip


def _pre_save(one: Guest, campaign: Campaign, now: datetime, dice: random.Random) -> PreSave:
    chose = one.playlist or one.follows or dice.random() > UNFINISHED_SHARE
    rung = PreSave.REMIND if is_channel(one.service) else PreSave.SAVE
    return PreSave(
        pk=one.number, campaign=campaign, fan_id=one.number, connection_id=one.number, service=one.service,
        rung=rung, receipt=f"{one.number:064x}", zone=one.zone, created_at=now,
        completed_at=now if chose else None,
    )  # fmt: skip


def _deliveries(
    one: Guest, campaign: Campaign, targets: dict[str, FollowTarget], now: datetime
) -> list[Delivery]:
    opens = campaign.opens_for(one.zone)
    main = Action(main_action(one.service))
    wishes: list[tuple[Action, datetime, FollowTarget | None]] = [(main, opens, None)]
    if main is Action.SAVE and not capabilities(one.service).follow_now:
        wishes.append((Action.FOLLOW, opens, None))
    if one.playlist:
        wishes.append((Action.PLAYLIST, opens, None))
    last_minute = opens - timedelta(seconds=20)
    wishes += [(Action.FOLLOW, last_minute, targets[whom]) for whom in one.follows]
    return [
        Delivery(
            campaign=campaign, pre_save_id=one.number, service=one.service, action=action, target=target,
            due_at=due, next_at=due,
        )
        for action, due, target in wishes
    ]  # fmt: skip
