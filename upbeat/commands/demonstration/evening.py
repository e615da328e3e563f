"""`upbeat demo`: an evening with a person in front of it. Fans wait, the release comes, and somebody may watch."""

import asyncio
import contextlib
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from upbeat.commands.demonstration.cast import crowd
from upbeat.commands.demonstration.props import Campaign, Owner, django_ready, make_owner, set_up_campaign
from upbeat.commands.demonstration.stage import Stage
from upbeat.commands.demonstration.visitor import Visitor

if TYPE_CHECKING:
    from upbeat.commands.demonstration.books import Books

AT_ONCE = 4


def spend(*, fans: int, minutes: int, keep: Path | None) -> int:
    """Runs until Ctrl-C, and leaves nothing running."""
    console = Console(highlight=False)
    console.print(
        "[bold]Upbeat[/]: a release on this machine. The streaming services are played by the sandbox.\n"
    )
    with Stage(keep=keep) as stage, contextlib.suppress(KeyboardInterrupt):
        django_ready()
        owner = make_owner()
        campaign = set_up_campaign(stage, lead=timedelta(minutes=minutes))
        stage.open_the_doors()
        asyncio.run(_evening(console, stage, campaign, owner, fans))
    console.print("\nEverything is stopped." + (f" The data is in {keep}." if keep else ""))
    return 0


async def _evening(console: Console, stage: Stage, campaign: Campaign, owner: Owner, fans: int) -> None:
    if not campaign.kept:
        await _let_in(console, campaign.url, fans)
    _addresses(console, stage, campaign, owner)
    from upbeat.commands.demonstration.books import Books

    books = await asyncio.to_thread(Books, campaign.slug)
    watching = asyncio.create_task(_watch(console, books))
    await stage.ended()
    watching.cancel()


async def _let_in(console: Console, page: str, number: int) -> None:
    """So many fans pre-save, each over HTTP with a permission of their own."""
    waiting = asyncio.Semaphore(AT_ONCE)
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=30), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("Fans pre-save", total=number)

        async def come(name: str, service: str) -> None:
            async with waiting, Visitor(name, page) as visitor:
                success = await visitor.pre_save(service)
                await visitor.complete(success, do="complete")
                progress.advance(bar)

        await asyncio.gather(*(come(name, service) for name, service in crowd(number)))
    console.print(f"{number} fans of both services wait.\n")


def _addresses(console: Console, stage: Stage, campaign: Campaign, owner: Owner) -> None:
    moment = campaign.opens_at.astimezone()
    console.print(f"  Fan page    [bold]{campaign.url}[/]")
    console.print(f"  Dashboard   [bold]{stage.url}/dashboard[/]")
    console.print(f"              sign in as {owner.email} with {owner.password}")
    console.print(f"  Sandbox     [bold]{stage.sandbox_url}/[/]  the services, played")
    console.print(f"  Mail        [bold]{stage.sandbox_url}/mail[/]  what reminders wrote\n")
    console.print(
        f"[bold]{campaign.title}[/] by {campaign.artist} is out at {moment:%H:%M:%S}. Be a fan: open the fan page,"
    )
    console.print(
        "tap a service and agree, or leave a reminder. The button at the foot jumps to the release."
    )
    console.print("[dim]Ctrl-C stops everything.[/]\n")


async def _watch(console: Console, books: "Books") -> None:
    """Tell when it is out, and what happened on each service."""
    out = False
    while True:
        await asyncio.sleep(0.5)
        if not out:
            out = await asyncio.to_thread(books.is_out)
            if out:
                console.print(
                    f"{_now()}  [bold]Out.[/] The page has turned into the smart link; deliveries run."
                )
        elif await asyncio.to_thread(books.all_settled):
            for line in await asyncio.to_thread(books.lines):
                console.print(f"{_now()}  {line}")
            return


def _now() -> str:
    return f"{datetime.fromtimestamp(time.time()).astimezone():%H:%M:%S}"
