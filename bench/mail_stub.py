"""A mail server that costs next to nothing: it takes letters, refuses one mailbox of so many, and counts.

    python bench/mail_stub.py --port 2525 [--delay 0.005] [--refuse-every 50]

Each line on its standard input is answered with its figures so far, as a line of JSON.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Counted:
    """What it has taken: how often from whom, and when the first and the last."""

    def __init__(self, delay: float, refuse_every: int) -> None:
        self._delay, self._refuse_every = delay, refuse_every
        self.taken: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.first = self.last = 0.0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        number = int("".join(sign for sign in address.partition("@")[0] if sign.isdigit()))
        if self._refuse_every and number % self._refuse_every == 0:
            self.refused[address] += 1
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self._delay)
        self.taken[envelope.rcpt_tos[0]] += 1
        self.last = time.monotonic()
        self.first = self.first or self.last
        return "250 Taken"

    def figures(self) -> dict[str, float]:
        return {
            "taken": self.taken.total(),
            "people": len(self.taken),
            "twice": sum(number > 1 for number in self.taken.values()),
            "refused": len(self.refused),
            "asked_again": sum(number > 1 for number in self.refused.values()),
            "seconds": self.last - self.first,
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--refuse-every", type=int, default=0)
    chosen = parser.parse_args()
    counted = Counted(chosen.delay, chosen.refuse_every)
    controller = Controller(counted, hostname="127.0.0.1", port=chosen.port)
    controller.start()
    print("ready", flush=True)
    for _ in sys.stdin:
        print(json.dumps(counted.figures()), flush=True)
    controller.stop()


if __name__ == "__main__":
    main()
