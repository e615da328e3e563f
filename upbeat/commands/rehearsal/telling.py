"""A rehearsal as the terminal tells it: the night line by line, then the figures and the verdict."""

import sys
from datetime import datetime
from io import TextIOWrapper
from typing import Any

from rich.console import Console
from rich.table import Table

from upbeat.commands.rehearsal.script import HARD, MILD, NONE, Script
from upbeat.core.hosts import label_of
from upbeat.core.zones import zone

_HOW = {NONE: "with nothing going wrong", MILD: "on an ordinary night", HARD: "with everything going wrong"}
_WRONG = {
    "lost": "lost",
    "doubled": "doubled",
    "out_of_order": "with tracks out of order",
    "early": "served too early",
    "untrue": "of whom our books say what is not so",
}


class Telling:
    """Silent where a machine listens."""

    def __init__(self, script: Script, *, silent: bool) -> None:
        self._script = script
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(line_buffering=True)  # so that a log is read while it happens, too
        # Nine columns; a file or a pipe is as wide as they are.
        width = None if sys.stdout.isatty() else 110
        self._console = Console(quiet=silent, highlight=False, soft_wrap=True, width=width)

    def begin(self) -> None:
        script, say = self._script, self._console.print
        say(f"[bold]{script.title}[/] by {script.artist}: the release day, rehearsed {_HOW[script.faults]}.")
        say(
            "[dim]The services are played by the sandbox, the fans are made up, the store is thrown away.[/]\n"
        )

    def hear(self, said: dict[str, Any]) -> None:
        """One line of the night, with the time on the clocks of the campaign's zone."""
        at = said.get("at")
        shown = f"{datetime.fromisoformat(at).astimezone(zone(self._script.zone)):%a %H:%M:%S}" if at else ""
        self._console.print(f"[dim]{shown:>12}[/]  {said['told']}")

    def end(self, result: dict[str, Any]) -> None:
        self._console.print()
        self._services(result)
        self._thrown(result)
        self._rate(result)
        for line in result["wrong"]:
            self._console.print(f"[red]✗[/] {line}")
        self._console.print(verdict(result))

    def _services(self, result: dict[str, Any]) -> None:
        table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
        table.add_column("Service", no_wrap=True)
        for head in ("Fans", "Have it", "Gone", "Playlists", "Follows", "Read back", "Calls", "Takes"):
            table.add_column(head, justify="right", no_wrap=True)
        for service, has in result["services"].items():
            counted = [f"{has[key]:,}" for key in ("fans", "delivered", "revoked")]
            wishes = [_of(has, "playlists"), _of(has, "follows")]
            rest = [f"{has['read_back']:,}", f"{has['calls']:,}", span(has["night_seconds"])]
            table.add_row(label_of(service), *counted, *wishes, *rest)
        self._console.print(table)
        self._console.print()

    def _thrown(self, result: dict[str, Any]) -> None:
        if not result["thrown"]:
            return
        self._console.print("[bold]Thrown at it[/]")
        for one in result["thrown"]:
            self._console.print(f"{one['times']:>7,} × {one['what']}")
        self._console.print()

    def _rate(self, result: dict[str, Any]) -> None:
        rate, night = result["rate"], result["night"]
        said = f"{rate['fans_a_second']:g} fans/s; the limits allow {rate['limits_here']:g}."
        if rate["faster"] > 1:
            said += f" They run {rate['faster']:g} times faster here: on the real night they allow {rate['limits']:g}."
        self._console.print(f"[bold]Rate[/]            {said}")
        told = f"{span(night['seconds'])} for {night['fans']:,} fans"
        if night["waiting"] and night["waiting"] != night["fans"]:
            told += f", {span(night['seconds_waiting'])} for the {night['waiting']:,} who wait now"
        self._console.print(f"[bold]The real night[/]  {told}.\n")


def verdict(result: dict[str, Any]) -> str:
    """The last line."""
    took = f"[dim]{result['seconds']:g} s[/]"
    if not result["passed"]:
        wrong = ", ".join(f"{result[key]:,} {words}" for key, words in _WRONG.items() if result[key])
        return f"[red]✗[/] [bold]{wrong}[/], of {result['fans']:,} fans. {took}"
    gone, unknown = (sum(has[key] for has in result["services"].values()) for key in ("revoked", "unknown"))
    but = f" {gone:,} had taken their permission back, and that is what our books say." if gone else ""
    if unknown:
        but += f" Of {unknown:,} reminders nobody knows whether they arrived: they are not sent twice."
    return f"[green]✓[/] [bold]Nobody lost, nobody doubled.[/]{but} {took}"


def span(seconds: float) -> str:
    """`8 min 52 s`."""
    whole = round(seconds)
    if whole >= 3600:
        return f"{whole // 3600} h {whole // 60 % 60} min"
    return f"{whole // 60} min {whole % 60} s" if whole >= 60 else f"{whole} s"


def _of(has: dict[str, Any], what: str) -> str:
    done, wanted = has[what], has[f"{what}_wanted"]
    return f"{done:,}" if done == wanted else f"{done:,}/{wanted:,}"
