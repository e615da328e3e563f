"""How fast a night goes where the service is slow, and where it has a limit of which nobody told us.

    .venv/bin/python bench/pace.py [--store sqlite|postgresql] [--only default|limit]

1. 1,000 fans, 150 ms a call, default settings: each fan is a renewal at the token endpoint and a save.
2. 950 fans under 300 calls in any 30 s, renewals counted. The floor: the n-th call cannot come before the one 300
   before it is 30 s old, so N calls take at least 30 s × floor((N - 1) / 300). It is computed from the calls that the
   service answered in this very run. "Even" is what the same calls take at 10 a second from the first to the last.
"""

import argparse
import subprocess
import sys

from night import book, deliver, stage, stub

FANS, DELAY = 1_000, 0.150
LIMITED_FANS, CALLS, WINDOW = 950, 300, 30.0


def by_default(store: str) -> None:
    import uvloop

    with stub(delay=DELAY) as service, stage(store, service):
        campaign = book(FANS, slug="default")
        took = uvloop.run(deliver(campaign, most_seconds=120))
        said = service.figures()
    print(f"{store}: {FANS:,} fans, {DELAY * 1000:.0f} ms a call, default settings")
    print(f"  {said['renewals']} renewals, {said['saves']} saves, {said['reads']} read back by the canary")
    print(
        f"  from the first call to the last  {said['seconds']:6.2f} s   {FANS / said['seconds']:6.0f} fans/s (goal 200)"
    )
    print(f"  from the worker's start          {took:6.2f} s   {FANS / took:6.0f} fans/s")


def under_a_limit(store: str) -> None:
    import uvloop

    with stub(delay=DELAY, calls=CALLS, window=WINDOW) as service, stage(store, service):
        campaign = book(LIMITED_FANS, slug="limit")
        uvloop.run(deliver(campaign, most_seconds=420))
        said = service.figures()
    calls = said["renewals"] + said["saves"] + said["reads"]
    floor, even = (calls - 1) // CALLS * WINDOW, calls / (CALLS / WINDOW)
    print(f"{store}: {LIMITED_FANS} fans under {CALLS} calls in any {WINDOW:.0f} s, renewals counted")
    print(
        f"  {said['renewals']} renewals, {said['saves']} saves, {said['reads']} read back; {said['refused']} refused"
    )
    print(f"  calls begun inside a Retry-After {said['begun_inside']:6}")
    print(f"  floor of {calls} calls            {floor:6.1f} s   even {even:.1f} s")
    print(f"  from the first call to the last  {said['seconds']:6.1f} s   {said['seconds'] / floor:.3f} of the floor,"
          f" {said['seconds'] / even:.3f} of even (goal 1.05)")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", choices=("sqlite", "postgresql"))
    parser.add_argument("--only", choices=("default", "limit"))
    chosen = parser.parse_args()
    if chosen.store and chosen.only:
        {"default": by_default, "limit": under_a_limit}[chosen.only](chosen.store)
        return
    for store in [chosen.store] if chosen.store else ["sqlite", "postgresql"]:
        for only in [chosen.only] if chosen.only else ["default", "limit"]:
            subprocess.run([sys.executable, __file__, "--store", store, "--only", only], check=True)


if __name__ == "__main__":
    main()
