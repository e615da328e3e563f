"""Where the event loop's database work is done: a few threads, each with a Django connection of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import close_old_connections

P = ParamSpec("P")
T = TypeVar("T")

_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="upbeat-delivery")


async def beside(work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """Run `work` on one of the threads. A connection the database has dropped is replaced first."""
    return await asyncio.get_running_loop().run_in_executor(
        _threads, partial(_with_connection, work, *args, **named)
    )


def _with_connection(work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    close_old_connections()
    return work(*args, **named)
