"""Work that may hang on somebody else's machine or disk, on a thread that nobody has to wait for."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


async def aside(work: Callable[[], T], seconds: float) -> T:
    """The result of `work`. Raises `TimeoutError` after `seconds`; the thread ends when it can, or with the process.

    A pool would have its threads waited for at the end of the process: a mail server that says nothing must not be
    able to keep Upbeat from stopping. `work` must not touch the database.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def run() -> None:
        try:
            result = work()
        except BaseException as problem:
            tell(done.set_exception, problem)
        else:
            tell(done.set_result, result)

    def tell(say: Callable[..., None], what: object) -> None:
        def unless_gone() -> None:
            if not done.done():
                say(what)

        with suppress(RuntimeError):  # the loop has been closed meanwhile
            loop.call_soon_threadsafe(unless_gone)

    threading.Thread(target=run, name="upbeat-aside", daemon=True).start()
    return await asyncio.wait_for(done, seconds)
