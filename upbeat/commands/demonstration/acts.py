"""What a fan of the demonstration may do, over HTTP, from the page to the service and back."""

import asyncio
from collections.abc import Awaitable, Callable

from upbeat.commands.demonstration.cast import Role
from upbeat.commands.demonstration.eyes import Eyes
from upbeat.commands.demonstration.visitor import Seen, Visitor


class OffScriptError(Exception):
    """A page did not answer as it should. The message names the fan, the page and the status."""


def expect(visitor: Visitor, seen: Seen, status: int = 200) -> Seen:
    if seen.status != status:
        where = seen.url.split("?")[0]
        raise OffScriptError(f"{visitor.name}: {where} answered {seen.status}, not {status}.")
    return seen


async def completes(visitor: Visitor, role: Role, _eyes: Eyes) -> None:
    success = expect(visitor, await visitor.pre_save(role.service))
    answers: dict[str, object] = dict(role.answers)
    if answers.get("follow") == "main":
        answers["follow"] = success.form("/yours").offered["follow"][:1]
    elif "follow" not in answers:
        answers["follow"] = success.form("/yours").offered.get("follow", [])
    expect(visitor, await visitor.complete(success, do="complete", **answers))  # type: ignore[arg-type]


async def leaves(visitor: Visitor, role: Role, _eyes: Eyes) -> None:
    expect(visitor, await visitor.pre_save(role.service))


async def refuses(visitor: Visitor, role: Role, _eyes: Eyes) -> None:
    back = await visitor.answer(await visitor.ask_permission(role.service), agree=False)
    expect(visitor, back)


async def replays(visitor: Visitor, role: Role, _eyes: Eyes) -> None:
    await leaves(visitor, role, _eyes)
    expect(visitor, await visitor.get(visitor.callback()))


async def revokes(visitor: Visitor, role: Role, eyes: Eyes) -> None:
    await leaves(visitor, role, eyes)
    await eyes.revoke(role.service, role.name)


async def doubles(visitor: Visitor, role: Role, _eyes: Eyes) -> None:
    async with Visitor(visitor.name, visitor.page) as other:
        both = await asyncio.gather(visitor.pre_save(role.service), other.pre_save(role.service))
    for seen in both:
        expect(visitor, seen)


ACTS: dict[str, Callable[[Visitor, Role, Eyes], Awaitable[None]]] = {
    "completes": completes,
    "leaves": leaves,
    "refuses": refuses,
    "replays": replays,
    "revokes": revokes,
    "doubles": doubles,
}
