"""A rehearsal as the terminal tells it: the night line by line, then the figures and the verdict."""

import time
from datetime import datetime, timedelta
from typing import Any

from rich.console import Console
from rich.table import Table

from upbeat.commands.rehearsal.script import Script
from upbeat.core.zones import zone
from upbeat.providers.registry import label


class Telling:
    """Silent where a machine listens."""

    def __init__(self, script: Script, *, silent: bool) -> None:
        self._script = script
        self._console = Console(quiet=silent, highlight=False)
        self._began = time.monotonic()

    def begin(self) -> None:
        script = self._script
        told = {
            "": "with nothing going wrong",
            "mild": "on an ordinary night",
            "hard": "with everything going wrong",
        }
        self._console.print(
            f"[bold]{script.title}[/] by {script.artist}: the release day, rehearsed {told[script.faults]}."
        )
        self._console.print(
            "[dim]The services are played by the sandbox, the fans are made up, and the store is thrown away.[/]\n"
        )

    def hear(self, said: dict[str, Any]) -> None:
        """One line of the night, with the time on the clocks of the campaign's zone."""
        at = said.get("at")
        shown = f"{datetime.fromisoformat(at).astimezone(zone(self._script.zone)):%a %H:%M:%S}" if at else ""
        self._console.print(f"[dim]{shown:>12}[/]  {said['told']}", soft_wrap=True)

    def end(self, result: dict[str, Any]) -> None:
        self._console.print()
        self._services(result)
        self._thrown(result)
        self._rate(result)
        for line in result["wrong"]:
            self._console.print(f"[red]✗[/] {line}", soft_wrap=True)
        self._console.print(verdict(result), soft_wrap=True)

    def _services(self, result: dict[str, Any]) -> None:
        table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 3, 0, 0))
        table.add_column("Service")
        for head in (
            "Fans",
            "In the library",
            "Playlists",
            "Follows",
            "Took it back",
            "Calls",
            "The night takes",
        ):
            table.add_column(head, justify="right")
        for service, has in result["services"].items():
            table.add_row(
                label(service), f"{has['fans']:,}", f"{has['delivered']:,}", _of(has, "playlists"), _of(has, "follows"),
                f"{has['revoked']:,}", f"{has['calls']:,}", span(has["night_seconds"]),
            )  # fmt: skip
        self._console.print(table)
        self._console.print()

    def _thrown(self, result: dict[str, Any]) -> None:
        thrown = ", ".join(f"{one['times']:,} × {one['what']}" for one in result["thrown"])
        if thrown:
            self._console.print(f"[bold]Thrown at it[/]  {thrown}.", soft_wrap=True)

    def _rate(self, result: dict[str, Any]) -> None:
        rate, night = result["rate"], result["night"]
        faster = f" [dim](limits run {rate['faster']:g} times faster here)[/]" if rate["faster"] > 1 else ""
        self._console.print(
            f"[bold]Rate[/]          {rate['fans_a_second']:g} fans/s; the limits allow {rate['allowed']:g}.{faster}"
        )
        told = f"{span(night['seconds'])} for {night['fans']:,} fans"
        if night["waiting"] and night["waiting"] != night["fans"]:
            told += f", {span(night['seconds_waiting'])} for the {night['waiting']:,} who wait now"
        self._console.print(f"[bold]The real night[/] {told}.\n")


def verdict(result: dict[str, Any]) -> str:
    """The last line."""
    if result["passed"]:
        gone = sum(has["revoked"] for has in result["services"].values())
        but = f" {gone:,} had taken their permission back, and that is what our books say." if gone else ""
        return f"[green]✓[/] [bold]Nobody lost, nobody doubled.[/]{but} [dim]{result['seconds']:g} s[/]"
    parts = [
        f"{result[key]:,} {words}"
        for key, words in (
            ("lost", "lost"), ("doubled", "doubled"), ("out_of_order", "with tracks out of order"),
            ("untrue", "of whom our books say what is not so"),
        )
        if result[key]
    ]  # fmt: skip
    return (
        f"[red]✗[/] [bold]{', '.join(parts)}[/] of {result['fans']:,} fans. [dim]{result['seconds']:g} s[/]"
    )


def span(seconds: float) -> str:
    """`8 min 52 s`."""
    whole = timedelta(seconds=round(seconds)).total_seconds()
    hours, minutes, rest = int(whole // 3600), int(whole // 60 % 60), int(whole % 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _of(has: dict[str, Any], what: str) -> str:
    return f"{has[what]:,} of {has[f'{what}_wanted']:,}" if has[f"{what}_wanted"] else "–"
