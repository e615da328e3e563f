"""`upbeat demo --play`: the whole story without a person, and whether every fan ended where promised."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from upbeat.commands.demonstration import props
from upbeat.commands.demonstration.acts import ACTS, OffScriptError
from upbeat.commands.demonstration.cast import CAST, Role
from upbeat.commands.demonstration.eyes import Eyes, Owned
from upbeat.commands.demonstration.stage import Stage
from upbeat.commands.demonstration.visitor import Visitor

if TYPE_CHECKING:  # models can be imported only when the stage has set their settings
    from upbeat.commands.demonstration.books import Books

PATIENCE_SECONDS = 25
LEAD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Ending:
    """Where one fan ended, and what was wrong with it ("" where it is as promised)."""

    role: Role
    owned: Owned
    state: str
    wrong: str


class Story:
    """Tells itself line by line; silent where a machine listens."""

    def __init__(self, *, silent: bool) -> None:
        self._began = time.monotonic()
        self._console = Console(quiet=silent, highlight=False)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    def tell(self, line: str) -> None:
        self._console.print(f"[dim]{self.seconds:5.1f} s[/]  {line}", soft_wrap=True)

    def table(self, endings: list[Ending]) -> None:
        self._console.print()
        table = Table(box=None, header_style="bold", pad_edge=False)
        for head in ("Fan", "Service", "Ended", "Library", "Follows", "Playlist", ""):
            table.add_column(head)
        for one in endings:
            songs = f"{one.owned.songs} songs" if one.role.promise.playlist else "–"
            table.add_row(
                one.role.name, one.role.service.title(), one.state.replace("_", " "), str(one.owned.saved),
                str(one.owned.follows), songs, one.wrong or "as promised",
            )  # fmt: skip
        self._console.print(table)
        self._console.print()


def play(*, as_json: bool) -> int:
    """Exit number: 0 only if every fan ended where promised."""
    story = Story(silent=as_json)
    story.tell("The sandbox plays Spotify and Deezer; Upbeat opens its doors.")
    with Stage(port=8400) as stage:
        props.django_ready()
        props.make_owner()
        campaign = props.set_up_campaign(stage, lead=LEAD)
        stage.open_the_doors()
        story.tell(f"[bold]{campaign.title}[/] by {campaign.artist} is a link now: {campaign.url}")
        from upbeat.commands.demonstration.books import Books

        books = Books(campaign.slug)
        endings = asyncio.run(_play(story, stage, campaign.url, books))
        story.table(endings)
    wrong = [one for one in endings if one.wrong]
    story.tell(
        "Every fan ended where promised." if not wrong else f"{len(wrong)} fans did not end where promised."
    )
    if as_json:
        print(json.dumps(_told(story, endings, books), indent=2))
    return int(bool(wrong))


async def _play(story: Story, stage: Stage, page: str, books: "Books") -> list[Ending]:
    async with Eyes(stage.sandbox_url) as eyes:
        await _before(story, page, eyes)
        story.tell("[bold]The clock is moved to the release.[/] Nobody presses anything.")
        await asyncio.to_thread(books.jump)
        await _wait_until(books.only_doubts_left)
        story.tell(
            "A permission that is called dead is asked about once more: the clock goes on by a quarter of an hour."
        )
        await asyncio.to_thread(books.go_on, timedelta(minutes=16))
        await _wait_until(books.all_settled)
        for line in await asyncio.to_thread(books.lines):
            story.tell(line)
        return [await _ending(role, eyes, books) for role in CAST]


async def _before(story: Story, page: str, eyes: Eyes) -> None:
    for role in CAST:
        story.tell(f"{role.name} {role.line}.")
        async with Visitor(role.name, page) as visitor:
            try:
                await ACTS[role.does](visitor, role, eyes)
            except (OffScriptError, LookupError) as problem:
                story.tell(f"[red]{problem}[/]")


async def _wait_until(so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if await asyncio.to_thread(so):
            return
        await asyncio.sleep(0.25)


async def _ending(role: Role, eyes: Eyes, books: "Books") -> Ending:
    owned = await eyes.owned(role.service, role.name, books.title, role.promise.playlist)
    state = await asyncio.to_thread(books.state_of, role.service, owned.account_id)
    songs = await asyncio.to_thread(books.songs)
    return Ending(role, owned, state, _wrong(role, owned, state, songs))


def _wrong(role: Role, owned: Owned, state: str, songs: int) -> str:
    promise = role.promise
    checks = {
        f"the books say {state}, promised {promise.state}": state == promise.state,
        f"{owned.saved} times in the library": owned.saved == int(promise.saved),
        f"{owned.follows} follows, promised {promise.follows}": owned.follows == promise.follows,
        f"{owned.songs} songs in the playlist": not promise.playlist or owned.songs == songs,
        "songs twice or out of order": owned.in_order,
    }
    return "; ".join(sentence for sentence, holds in checks.items() if not holds)


def _told(story: Story, endings: list[Ending], books: "Books") -> dict[str, object]:
    return {
        "ok": not any(one.wrong for one in endings),
        "seconds": round(story.seconds, 1),
        "fans": [
            {"name": one.role.name, "service": one.role.service, "state": one.state, "saved": one.owned.saved,
             "follows": one.owned.follows, "songs": one.owned.songs, "wrong": one.wrong}
            for one in endings
        ],
        "services": books.figures(),
    }  # fmt: skip
