"""A hundred thousand reminders by e-mail at the operator's rate, over real SMTP, one mailbox of fifty refused.

    .venv/bin/python bench/letters.py [--store sqlite|postgresql] [--letters 100000] [--per-hour 180000] [--delay 0.005]

The figure is the time from the first letter to the last as the mail server saw them, against the time that the rate
alone allows. Everybody else gets theirs once; who is refused is asked once.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from night import deliver, just_out, stage, stub

REFUSE_EVERY = 50
_SLICE = 5_000


class Post:
    """The running mail server."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self._process, self.port = process, port

    def figures(self) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found


@contextmanager
def mail_server(delay: float) -> Iterator[Post]:
    """As a process of its own."""
    from tests.postgres import _free_port

    port = _free_port()
    options = ["--port", str(port), "--delay", str(delay), "--refuse-every", str(REFUSE_EVERY)]
    command = [sys.executable, str(Path(__file__).with_name("mail_stub.py")), *options]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        process.stdout.readline()
        yield Post(process, port)
    finally:
        process.terminate()
        process.wait(10)


def book(letters: int) -> Any:
    """A campaign that came out this moment, and so many who asked to be reminded."""
    campaign = just_out("letters")
    for first in range(1, letters + 1, _SLICE):
        _add(campaign, range(first, min(first + _SLICE, letters + 1)))
    return campaign


def _add(campaign: Any, ids: range) -> None:
    from django.db import transaction

    from upbeat.delivery.models import Delivery
    from upbeat.fans.models import Connection, Fan, PreSave
    from upbeat.fans.sealing import seal

    team, since, due = campaign.team, campaign.created_at, campaign.opens_at
    with transaction.atomic():
        Fan.objects.bulk_create(Fan(id=pk, team=team, code=f"let{pk}", created_at=since) for pk in ids)
        Connection.objects.bulk_create(
            Connection(
                id=pk, fan_id=pk, team=team, service="email", account_id=f"print {pk}", scopes=[], granted_at=since,
                token_version=1, sealed_access=seal(f"fan{pk}@example.org", context=f"connection {pk} access"),
            )
            for pk in ids
        )  # fmt: skip
        PreSave.objects.bulk_create(
            PreSave(
                id=pk, campaign=campaign, fan_id=pk, connection_id=pk, service="email", rung=PreSave.REMIND,
                receipt=f"letter {pk}", language="en", created_at=since, completed_at=since,
            )
            for pk in ids
        )  # fmt: skip
        Delivery.objects.bulk_create(
            Delivery(
                campaign=campaign, pre_save_id=pk, service="email", action="remind", due_at=due, next_at=due
            )
            for pk in ids
        )


def states(campaign: Any) -> str:
    from django.db.models import Count

    rows = campaign.deliveries.order_by().values_list("state", "reason").annotate(number=Count("id"))
    return ", ".join(f"{number:,} {state} ({reason})" for state, reason, number in sorted(rows))


def foretold(campaign: Any) -> str:
    from upbeat import clock
    from upbeat.delivery.preflight.post import takes
    from upbeat.delivery.preflight.subject import read

    now = clock.now()
    subject = read(campaign, now, now)
    return "; ".join(f"{line.what}: {line.sentence}" for line in takes(subject)) if subject else "nothing"


def measure(store: str, letters: int, per_hour: int, delay: float) -> None:
    with mail_server(delay) as post, stub(delay=0.001) as service:
        os.environ |= {
            "UPBEAT_SMTP_URL": f"smtp://127.0.0.1:{post.port}?starttls=0",
            "UPBEAT_MAIL_FROM": "upbeat@music.example",
            "UPBEAT_MAIL_PER_HOUR": str(per_hour),
        }
        with stage(store, service):
            campaign = book(letters)
            print(
                f"{store}: {letters:,} letters at {per_hour:,} an hour, {1000 * delay:g} ms each at the server"
            )
            print(f"  the check before   {foretold(campaign)}", flush=True)
            floor = letters * 3600 / per_hour
            asyncio.run(deliver(campaign, most_seconds=3 * floor + 120))
            said = post.figures()
            print(f"  our rows           {states(campaign)}")
    seconds = said["seconds"]
    print(
        f"  the mail server    {said['taken']:,} taken, {said['twice']} of them twice; "
        f"{said['refused']:,} refused, {said['asked_again']} of them asked again"
    )
    print(
        f"  time               {seconds:,.0f} s, {seconds / floor:.3f} of what the rate allows; "
        f"{said['taken'] / seconds:,.0f} a second"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--letters", type=int, default=100_000)
    parser.add_argument("--per-hour", type=int, default=180_000)
    parser.add_argument("--delay", type=float, default=0.005)
    chosen = parser.parse_args()
    measure(chosen.store, chosen.letters, chosen.per_hour, chosen.delay)


if __name__ == "__main__":
    main()
