"""A release night to be disturbed: its fans, its clocks, and the truth about it at the end."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import Count, F, Min

from drills.ground import Ground
from tests.delivery.night import SCOPES, as_grant
from upbeat import clock
from upbeat.artists.models import Artist, Team
from upbeat.campaigns.models import Campaign, Release
from upbeat.core.delivery import State
from upbeat.delivery.engine.worker import Loop
from upbeat.delivery.models import Chunk, Delivery, Limiter
from upbeat.delivery.pace import limiter_key
from upbeat.delivery.plan import plan_completion, plan_save, schedule_release
from upbeat.fans.models import Connection, Fan, PlaylistChoice, PreSave
from upbeat.fans.tokens import keep_tokens

UPC, TITLE, ARTIST, TRACKS = "859713000100", "Night Ferry North", "Marlo Venn", 10
"""The sandbox's release to come."""
SERVICES = ("spotify", "deezer")
_PLAYLIST = "Friday night"
_QUICK, _FAST = 5000.0, 80.0
Held = dict[int, tuple[int, int]]
"""Chunks that are being worked on: the fence, and the worker by its number in the queue."""


@dataclass
class Truth:
    """What the sandbox's libraries say when nobody waits any more."""

    fans: int
    lost: int = 0
    """Fans who were promised the album and do not have it, their permission being alive."""
    doubled: int = 0
    """Playlist lines that are there twice, and playlists made twice."""
    tokens_lost: int = 0
    """Fans whose permission died on our side: a refresh was in flight when the process was killed."""
    untrue: int = 0
    """Fans of whom our rows say something else than their library."""
    waiting: int = 0
    """Deliveries that had not ended when the drill gave up."""
    names: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        return {name: said for name, said in asdict(self).items() if name != "names"}


class Night:
    """One campaign, found on both services at the instant. Half the fans want a playlist, and most tokens are old.

    `pace`: calls a second to each service; None leaves it to the product's own defaults.
    """

    def __init__(self, ground: Ground, *, pace: float | None = _QUICK, rotate: bool = True) -> None:
        self.ground, self.sandbox = ground, ground.sandbox
        self.opens_at = (clock.now() + timedelta(days=5)).replace(microsecond=0)
        self.campaign = self._campaign()
        self.revoked: set[tuple[str, str]] = set()
        self._promised: list[tuple[str, str, bool]] = []
        if rotate:
            self.sandbox.turn("spotify", rotate_refresh_tokens=True)
        for name in SERVICES if pace is not None else ():
            Limiter.objects.create(key=limiter_key(name), rate=pace, max_rate=pace)

    def _campaign(self) -> Campaign:
        team = Team.objects.create(name="The drill")
        release = Release.objects.create(
            artist=Artist.objects.create(team=team, name=ARTIST), title=TITLE, upc=UPC, track_count=TRACKS
        )
        campaign = Campaign.objects.create(
            release=release,
            state=Campaign.PUBLISHED,
            slug="drill",
            day=self.opens_at.date(),
            time=self.opens_at.time(),
            opens_at=self.opens_at,
            created_at=clock.now(),
        )
        with transaction.atomic():
            schedule_release(campaign)
        self.sandbox.ask("PATCH", f"/_control/releases/{UPC}", {"released_at": self.opens_at.isoformat()})
        return campaign

    def crowd(self, service: str, number: int, *, playlists: bool = True) -> None:
        """Fans who have pre-saved; every second wants a new playlist; the permission of 3 in 4 has to be renewed."""
        now = clock.now()
        given = self.sandbox.grants(service, SCOPES[service], count=number, prefix=f"{service} fan")
        with transaction.atomic():
            for count, said in enumerate(given):
                wants = playlists and count % 2 == 1
                pre_save = self._fan(service, said, now, fresh=count % 4 == 0)
                if wants:
                    PlaylistChoice.objects.create(pre_save=pre_save, name=_PLAYLIST, is_new=True)
                plan_save(pre_save, now)
                plan_completion(pre_save, now)
                self._promised.append((service, said["name"], wants))

    def _fan(self, service: str, said: dict[str, str], now: datetime, *, fresh: bool) -> PreSave:
        grant = as_grant(said)
        number = len(self._promised) + 1
        person = Fan.objects.create(team=self.campaign.team, code=f"F-{number}", created_at=now)
        one = Connection.objects.create(
            fan=person, team=self.campaign.team, service=service, account_id=said["id"], granted_at=now
        )
        assert keep_tokens(one.pk, 0, grant, self.opens_at if fresh else now)
        return PreSave.objects.create(
            campaign=self.campaign,
            fan=person,
            connection=one,
            service=service,
            receipt=f"{number:064d}",
            created_at=now,
            completed_at=now,
        )

    # --- time --------------------------------------------------------------------------------------------------
    def move_to(self, moment: datetime) -> None:
        """The installation's clock and the services'. Waits of the limiter pass with it: they are in real time."""
        by = moment - clock.now()
        Limiter.objects.update(paused_until=F("paused_until") - by.total_seconds())
        clock.move(by)
        self.sandbox.move_to(clock.now())

    def come_out(self) -> None:
        self.move_to(self.opens_at - timedelta(seconds=2))

    def hurry(self) -> None:
        """What has been seen enough of goes at full speed from here on."""
        Limiter.objects.update(rate=_FAST, max_rate=_FAST)

    # --- how it goes -------------------------------------------------------------------------------------------
    def ended(self) -> int:
        return Delivery.objects.filter(next_at=None).count()

    def everything(self) -> int:
        return Delivery.objects.count()

    def goes_on(self, before: int) -> bool:
        """Whether more have ended than `before`, or all have."""
        ended = self.ended()
        return ended > before or ended == self.everything()

    def wait_for(self, so_far: Callable[[], bool], seconds: float = 120) -> float:
        """Wait until it is so. Returns the seconds it took; TimeoutError after `seconds`."""
        began = time.monotonic()
        while True:
            try:
                if so_far():
                    return time.monotonic() - began
            except DatabaseError:
                connection.close()  # it is away: that may be the drill
            if time.monotonic() - began > seconds:
                raise TimeoutError(f"{self._where()} after {seconds} s")
            time.sleep(0.05)

    def _where(self) -> str:
        states = Delivery.objects.values_list("service", "action", "state", "reason").annotate(n=Count("id"))
        return f"{self.ended()} of {self.everything()} deliveries have ended; {sorted(states)}"

    def finish(self, seconds: float = 300) -> None:
        """Wait until nobody waits any more. Time in which nothing is due is skipped."""
        until, last, since = time.monotonic() + seconds, -1, time.monotonic()
        while time.monotonic() < until:
            waiting = Delivery.objects.filter(next_at__isnull=False)
            first = waiting.aggregate(first=Min("next_at"))["first"]
            if first is None:
                return
            moved = Delivery.objects.filter(next_at=None).count()
            if moved != last:
                last, since = moved, time.monotonic()
            quiet = time.monotonic() - since > 2.5
            if quiet and first > clock.now() + timedelta(seconds=1):
                self.move_to(first)
                since = time.monotonic()
            time.sleep(0.25)

    def only_workers(self) -> set[int]:
        """The workers there are, as the queue knows them: asked while one process is running, they are its loops."""
        self.wait_for(lambda: bool(self._workers()))
        time.sleep(1)  # The others of its loops begin in the same moment.
        return self._workers()

    @staticmethod
    def _workers() -> set[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM procrastinate_workers")
            return {row[0] for row in cursor.fetchall()}

    def held(self, by: set[int] | None = None) -> Held:
        """The chunks that are being worked on, with their fences and workers; only by some workers, if named."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.id, c.epoch, j.worker_id FROM delivery_chunk c"
                " JOIN procrastinate_jobs j ON j.id = c.job_id WHERE j.status = 'doing'"
            )
            rows = cursor.fetchall()
        return {chunk: (epoch, worker) for chunk, epoch, worker in rows if by is None or worker in by}

    def taken_up(self, orphans: Held, seconds: float = 90) -> float:
        """Wait until each of these chunks is worked on anew, or has nothing left, or waits in the queue only because
        all hands of its service are full of others. Returns the seconds."""
        dead = {worker for _, worker in orphans.values()}

        def all_of_them() -> bool:
            there = {one.pk: one for one in Chunk.objects.filter(pk__in=orphans)}
            return all(
                pk not in there
                or there[pk].epoch > epoch
                or not self._is_open(there[pk])
                or self._waits_for_a_hand(there[pk], dead)
                for pk, (epoch, _) in orphans.items()
            )

        return self.wait_for(all_of_them, seconds)

    @staticmethod
    def _waits_for_a_hand(chunk: Chunk, dead: set[int]) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [chunk.job_id])
            waits = cursor.fetchone() == ("todo",)
            cursor.execute(
                "SELECT worker_id FROM procrastinate_jobs WHERE status = 'doing' AND queue_name = %s",
                [chunk.service],
            )
            busy = [worker for (worker,) in cursor.fetchall() if worker not in dead]
        return waits and len(busy) >= Loop().concurrency

    @staticmethod
    def _is_open(chunk: Chunk) -> bool:
        rows = Delivery.objects.filter(
            campaign=chunk.campaign_id, service=chunk.service, next_at__isnull=False
        )
        return rows.filter(id__gte=chunk.lo, id__lte=chunk.hi).exists()

    # --- the truth ---------------------------------------------------------------------------------------------
    def truth(self) -> Truth:
        """Fan by fan: the sandbox's library against what was promised, and against our rows."""
        found = Truth(fans=len(self._promised), waiting=self.everything() - self.ended())
        states = {
            (service, account): (state, reason)
            for service, account, state, reason in Delivery.objects.filter(action="save").values_list(
                "service", "pre_save__connection__account_id", "state", "reason"
            )
        }
        libraries = {name: self.sandbox.fans(name) for name in SERVICES}
        for service, name, wants in self._promised:
            fan = libraries[service][name]
            state, _ = states[service, fan["id"]]
            self._judge(found, fan, state, wants=wants, revoked=(service, name) in self.revoked)
        return found

    def _judge(self, found: Truth, fan: dict[str, Any], state: str, *, wants: bool, revoked: bool) -> None:
        albums = [album["name"] for album in fan["albums"]]
        has, said = albums == [TITLE], state in (State.DELIVERED, State.VERIFIED)
        found.untrue += said and not has
        if state == State.NEEDS_FAN:
            found.tokens_lost += not revoked
        elif not has:
            found.lost += 1
            found.names.append(f"{fan['name']}: {state}")
        own = [one for one in fan["playlists"] if one["name"] == _PLAYLIST]
        found.doubled += int(fan["duplicates"]) + max(len(own) - 1, 0)
        if wants and state != State.NEEDS_FAN and [len(one["tracks"]) for one in own] != [TRACKS]:
            found.lost += 1
            found.names.append(f"{fan['name']}: playlist {[len(one['tracks']) for one in own]}")
