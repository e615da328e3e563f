"""Where the event loop's database work is done: on a few threads, each with a Django connection of its own.

On SQLite on one: it has one writer at a time, and those who wait for it in line lose less than those who try again.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import close_old_connections

P = ParamSpec("P")
T = TypeVar("T")

_threads = ThreadPoolExecutor(1 if settings.EMBEDDED else 4, thread_name_prefix="upbeat-delivery")


async def beside(work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """Run `work` on one of the threads. A connection the database has dropped is replaced first."""
    return await asyncio.get_running_loop().run_in_executor(
        _threads, partial(_with_connection, work, *args, **named)
    )


def _with_connection(work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    close_old_connections()
    return work(*args, **named)
