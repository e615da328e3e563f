"""Work that may hang on somebody else's machine or disk, on a thread that nobody has to wait for."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")
Jobs = SimpleQueue[Callable[[], None]]
_idle: list[Jobs] = []
"""What idle threads listen to. To start one holds the event loop up for milliseconds, so they are kept."""


async def aside(work: Callable[[], T], seconds: float) -> T:
    """The result of `work`. Raises `TimeoutError` after `seconds`; the thread ends when it can, or with the process.

    A pool would have its threads waited for at the end of the process: a mail server that says nothing must not be
    able to keep Upbeat from stopping. `work` must not touch the database.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()
    jobs = _somebody()

    def run() -> None:
        say: Callable[[Any], None]
        what: object
        try:
            say, what = done.set_result, work()
        except BaseException as problem:
            say, what = done.set_exception, problem
        _idle.append(jobs)
        tell(say, what)

    def tell(say: Callable[[Any], None], what: object) -> None:
        def unless_gone() -> None:
            if not done.done():
                say(what)

        with suppress(RuntimeError):  # the loop has been closed meanwhile
            loop.call_soon_threadsafe(unless_gone)

    jobs.put(run)
    return await asyncio.wait_for(done, seconds)


def _somebody() -> Jobs:
    """An idle thread's ear; a new thread's if all are at work, or hang."""
    with suppress(IndexError):
        return _idle.pop()
    jobs: Jobs = SimpleQueue()
    threading.Thread(target=_listen, args=(jobs,), name="upbeat-aside", daemon=True).start()
    return jobs


def _listen(jobs: Jobs) -> None:
    while True:
        jobs.get()()
