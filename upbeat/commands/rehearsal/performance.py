"""One rehearsal from the first seat to the verdict, on a stage that is set."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from upbeat import clock
from upbeat.commands.demonstration.stage import Stage
from upbeat.commands.rehearsal import seeding
from upbeat.commands.rehearsal.bad_luck import BadLuck
from upbeat.commands.rehearsal.clocks import Clocks
from upbeat.commands.rehearsal.figures import Seen, figures, open_limits
from upbeat.commands.rehearsal.guests import Guest
from upbeat.commands.rehearsal.house import House
from upbeat.commands.rehearsal.night import Night
from upbeat.commands.rehearsal.script import Script, by_size
from upbeat.commands.rehearsal.truth import judge
from upbeat.core.hosts import label_of

BEFORE = timedelta(days=1)
Tell = Callable[[str, datetime | None], None]


def perform(script: Script, stage: Stage, tell: Tell) -> dict[str, Any]:
    """The result, as `--json` prints it."""
    began = time.monotonic()

    def say(line: str) -> None:
        tell(line, clock.now())

    house = House(stage)
    clocks = Clocks(house.control)
    campaign = seeding.make_campaign(script)
    assert campaign.opens_at is not None
    clocks.set_to(campaign.opens_at - BEFORE)
    luck = BadLuck(script, house, clocks, say)
    music = seeding.make_music(house.control, script, campaign, luck.late)
    targets = seeding.make_targets(house.control, script, campaign)
    guests = seeding.invite(house.control, script, targets, luck.dead_share)
    seeding.write(campaign, guests, targets, clock.now())
    speed = open_limits(script, guests)
    tell(
        f"{len(guests):,} synthetic fans wait, {_mix(guests)}. Seated in {time.monotonic() - began:.1f} s.",
        None,
    )
    night = Night(campaign, house, clocks, say, luck.turn)
    house.start()
    night.before()
    for service in by_size(script):
        house.control.revoke(service, [one.name for one in guests if one.revokes and one.service == service])
    luck.begin(speed)
    house.control.forget_calls()
    night.run()
    judgement = judge(house.control, campaign, guests, music)
    calls = {service: house.control.calls(service) for service in script.services}
    told = figures(script, Seen(guests, judgement, night.pace, luck.blows(), calls, speed))
    return told | {"seconds": round(time.monotonic() - began, 1)}


def _mix(guests: list[Guest]) -> str:
    mix = Counter(one.service for one in guests)
    return ", ".join(f"{number:,} on {label_of(name)}" for name, number in mix.most_common())
