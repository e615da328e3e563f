"""Plays drills and prints what each of them cost. Exits 1 if anybody was lost or doubled, or recovery took too long."""

import argparse
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rich.console import Console

from drills.scenes import DRILLS, Drill

if TYPE_CHECKING:
    from drills.ground import Ground

SHORT_FANS = 60
console = Console(highlight=False, soft_wrap=True)
_FIRST = ("fans", "lost", "doubled", "tokens_lost", "untrue", "waiting")


def main() -> int:
    arguments = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing is left running
    if arguments.one:
        print(json.dumps(play(DRILLS[arguments.one], arguments.store, arguments.fans)))
        return 0
    if arguments.short:
        for store in stores_of(arguments.store):
            for said in play_short(store):
                print(json.dumps(said | {"store": store}), flush=True)
        return 0
    good = True
    for name in arguments.names or list(DRILLS):
        for store in stores_of(arguments.store):
            if store in DRILLS[name].stores:
                good = _play_apart(DRILLS[name], store, arguments.fans) and good
    return int(not good)


def stores_of(word: str) -> tuple[str, ...]:
    return ("sqlite", "postgresql") if word == "both" else (word,)


def play(drill: Drill, store: str, fans: int | None) -> dict[str, Any]:
    """Play one drill in this process. Returns its figures, with the longest recovery."""
    from drills.ground import Ground

    with Ground(store, everywhere=drill.everywhere, small=drill.small_disk) as ground:
        return _figures(drill, ground, fans or drill.fans, {})


def play_short(store: str) -> Iterator[dict[str, Any]]:
    """The short form of each, one after the other on one ground. Without root not those that need it."""
    from drills.ground import Ground

    root = os.geteuid() == 0
    with Ground(store, everywhere=root, small=root, quick=True) as ground:
        for drill in DRILLS.values():
            if store in drill.stores and (root or not (drill.everywhere or drill.small_disk)):
                ground.begin_again()
                yield {"drill": drill.name} | _short_form(drill, ground)


def _short_form(drill: Drill, ground: "Ground") -> dict[str, Any]:
    """One that breaks off takes no other with it. No time is judged here: tests run beside others."""
    try:
        figures = _figures(drill, ground, SHORT_FANS, drill.short)
    except Exception as error:
        return {"wrong": [f"it broke off: {error!r}"], "figures": {"fans": SHORT_FANS}}
    wrong = faults_of(replace(drill, recovery=None), ground.store, figures | {"times_the_floor": 0})
    return {"wrong": wrong, "figures": figures}


def _figures(drill: Drill, ground: "Ground", fans: int, more: dict[str, Any]) -> dict[str, Any]:
    began, log = time.monotonic(), ground.folder / "workers.log"
    module, _, function = drill.play.rpartition(".")
    try:
        figures = getattr(importlib.import_module(f"drills.scenes.{module}"), function)(ground, fans, **more)
    except Exception:
        print(log.read_text(errors="replace")[-3000:] if log.exists() else "", file=sys.stderr)
        raise
    figures["tracebacks"] = (
        log.read_text(errors="replace").count("Traceback (most recent") if log.exists() else 0
    )
    recoveries = figures.pop("recoveries", [])
    if recoveries:
        figures["recovery_seconds"] = max(recoveries)
        figures["recovery_median"] = sorted(recoveries)[len(recoveries) // 2]
    figures["drill_seconds"] = time.monotonic() - began
    return {name: round(value, 2) if isinstance(value, float) else value for name, value in figures.items()}


def faults_of(drill: Drill, store: str, figures: dict[str, Any]) -> list[str]:
    """What of the promise was not kept, in words."""
    found = [f"{figures[name]} {name}" for name in ("lost", "doubled", "untrue", "waiting") if figures[name]]
    most = (drill.recovery or {}).get(store)
    if most is not None and figures.get("recovery_seconds", 0) > most:
        found.append(f"recovered after {figures['recovery_seconds']} s, the limit is {most:g} s")
    if figures.get("inside_a_retry_after"):
        found.append(f"{figures['inside_a_retry_after']} calls inside a Retry-After")
    if figures.get("end_seconds", 0) > 10 or figures.get("exit_code"):
        found.append("no clean end within 10 s")
    if figures.get("times_the_floor", 0) > 1.05:
        found.append("over 1.05 × the floor")
    if figures.get("worker_alive") is False:
        found.append("the worker ended by itself")
    return found


def _play_apart(drill: Drill, store: str, fans: int | None) -> bool:
    """Each in a process of its own: Django is set up once in a process."""
    words = [sys.executable, "-m", "drills", "--one", drill.name, "--store", store]
    done = subprocess.run(
        [*words, *(["--fans", str(fans)] if fans else [])], check=False, stdout=subprocess.PIPE
    )
    if done.returncode:
        console.print(f"[red]✗[/] [bold]{drill.name}[/] on {store}: the drill itself broke off")
        return False
    figures = json.loads(done.stdout.decode().splitlines()[-1])
    wrong = faults_of(drill, store, figures)
    sign = "[red]✗[/]" if wrong else "[green]✓[/]"
    console.print(f"{sign} [bold]{drill.name}[/] on {store}: {drill.what}")
    for part in (_FIRST, [name for name in figures if name not in _FIRST]):
        console.print("    " + " · ".join(f"{name.replace('_', ' ')} {figures[name]}" for name in part))
    for one in wrong:
        console.print(f"    [red]{one}[/]")
    return not wrong


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="drills", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="DRILL", choices=[[], *DRILLS], help=", ".join(DRILLS))
    parser.add_argument("--store", default="both", choices=("both", "sqlite", "postgresql"))
    parser.add_argument("--fans", type=int, default=None, help="instead of the drill's own number")
    parser.add_argument("--short", action="store_true", help="the short forms, a line of JSON for each")
    parser.add_argument("--one", choices=list(DRILLS), help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
