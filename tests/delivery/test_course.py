"""Random nights: a release is moved, called off, taken up again and made local while deliveries run.

Judged by the sandbox's libraries and not by our rows: nobody before their instant, and in the end everybody, once.
"""

import asyncio
import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
from django.db import transaction

from tests.delivery.night import UPC, Night, states
from tests.sandbox_process import Sandbox
from upbeat.campaigns.models import Campaign
from upbeat.delivery.models import Delivery
from upbeat.delivery.plan import replan, replan_fan
from upbeat.delivery.threads import beside
from upbeat.fans.models import PreSave

pytestmark = pytest.mark.django_db(transaction=True)

ZONES = ("Pacific/Auckland", "Asia/Kathmandu", "Europe/Berlin", "America/Los_Angeles", "")
FANS, STEPS = 12, 16


class Course:
    """One random night. `may`: whose instant had come at the last look, while the page was public."""

    def __init__(self, night: Night, seed: int) -> None:
        self.night, self.dice = night, random.Random(seed)
        night.sandbox.ask("PATCH", f"/_control/releases/{UPC}", {"released_at": night.now().isoformat()})
        match = {"service": "spotify", "path": "/me/library"}
        night.sandbox.fault("error", status=500, probability=0.4, match=match)
        night.sandbox.fault("delay", seconds=0.03, match=match)
        self.campaign = night.campaign
        self.fans: dict[str, PreSave] = {}
        for number in range(FANS):
            name = f"Fan {number}"
            playlist = "Friday" if number % 3 == 0 else ""
            fan = self.fans[name] = night.fan(name, playlist=playlist)
            self.live_in(fan, self.dice.choice(ZONES))
        self.may: set[str] = set()
        self.had: set[str] = set()
        self.told: list[str] = []

    def live_in(self, fan: PreSave, zone: str) -> None:
        with transaction.atomic():
            fan.zone = zone
            fan.save(update_fields=["zone"])
            replan_fan(fan, self.night.now())

    def look(self) -> None:
        """Nobody has got the album since the last look but whose instant had come, then or now."""
        self.campaign.refresh_from_db()
        now, served, before = self.night.now(), self.served(), self.may
        public = self.campaign.state == Campaign.PUBLISHED
        self.may = {
            name for name, fan in self.fans.items() if public and self.campaign.is_out_for(fan.zone, now)
        }
        assert served - self.had <= before | self.may, self.told
        self.had = served

    def served(self) -> set[str]:
        found = self.night.sandbox.fans("spotify")
        return {name for name in self.fans if found.get(name, {}).get("albums")}

    def step(self) -> None:
        """Something happens, in one of three cases in the middle of a run."""
        change = self.dice.choice([*3 * [self.move], *3 * [self.idle], self.withdraw, self.publish])
        if self.dice.random() < 0.35:
            self.night.run(lambda: self.in_the_middle(change, self.dice.random() * 0.12))
        else:
            change()
            self.look()
            self.night.deliver()
        self.look()

    async def in_the_middle(self, change: object, after: float) -> None:
        running = asyncio.create_task(self.night.turn())
        await asyncio.sleep(after)
        assert callable(change)
        await beside(change)
        await running

    def move(self) -> None:
        """To another day and time, earlier or later, for all at once or for each at their own."""
        campaign, dice = self.campaign, self.dice
        to = self.night.now() + timedelta(hours=dice.choice([-6, 1, 2, 5, 12, 30]))
        campaign.refresh_from_db()
        campaign.day, campaign.time = to.date(), time(to.hour)
        campaign.local = dice.random() < 0.6
        campaign.zone = dice.choice(ZONES[:4])
        self.change(f"moved to {campaign.day} {campaign.time}{' local' if campaign.local else ''}")

    def withdraw(self) -> None:
        self.campaign.refresh_from_db()
        self.campaign.state = Campaign.WITHDRAWN
        self.change("withdrawn")

    def publish(self) -> None:
        self.campaign.refresh_from_db()
        self.campaign.state = Campaign.PUBLISHED
        self.change("published")

    def idle(self) -> None:
        self.night.move(hours=self.dice.choice([0.02, 1, 3, 8]))
        self.told.append("time goes by")

    @transaction.atomic
    def change(self, what: str) -> None:
        self.campaign.derive_moment()
        self.campaign.save()
        replan(self.campaign, self.night.now())
        self.told.append(f"{self.night.now():%d %H:%M} {what}")

    def to_the_end(self) -> None:
        self.night.sandbox.no_faults()
        self.publish()
        last: datetime | None = self.campaign.last_opens_at
        assert last is not None
        self.night.move_to(max(last, self.night.now()) + timedelta(seconds=1))
        for _ in range(8):
            self.night.deliver()
            self.night.move(hours=3)
            if not Delivery.objects.filter(next_at__isnull=False).exists():
                return


@pytest.fixture
def night(sandbox: Sandbox) -> Iterator[Night]:
    yield Night(sandbox)


@pytest.mark.parametrize("seed", [40, 41])
def test_whatever_happens_to_the_date_nobody_is_early_and_nobody_forgotten(night: Night, seed: int) -> None:
    course = Course(night, seed)
    for _ in range(STEPS):
        course.step()
    course.to_the_end()
    assert course.served() == set(course.fans), course.told
    assert {state for _, state, _ in states()} <= {"delivered", "verified"}, (states(), course.told)
    true = night.sandbox.fans("spotify")
    for name, fan in course.fans.items():
        assert len(true[name]["albums"]) == 1
        playlists = true[name]["playlists"]
        assert len(playlists) == fan.deliveries.filter(action="playlist").count(), name
        assert all(len(one["tracks"]) == 10 for one in playlists), playlists
