"""Work on a thread that nobody has to wait for."""

import asyncio
import threading

import pytest

from upbeat.delivery.aside import aside


def threads() -> int:
    return sum(one.name == "upbeat-aside" for one in threading.enumerate())


def test_who_hangs_is_given_up_and_holds_up_nobody() -> None:
    let_go = threading.Event()

    async def both() -> int:
        with pytest.raises(TimeoutError):
            await aside(let_go.wait, 0.05)
        return await aside(lambda: 7, 5)

    assert asyncio.run(both()) == 7
    let_go.set()


def test_what_goes_wrong_there_goes_wrong_here() -> None:
    with pytest.raises(ZeroDivisionError):
        asyncio.run(aside(lambda: 1 // 0, 5))


def test_the_next_one_finds_the_thread_of_the_last() -> None:
    async def one_after_the_other() -> None:
        for _ in range(20):
            await aside(lambda: None, 5)

    asyncio.run(one_after_the_other())
    before = threads()
    asyncio.run(one_after_the_other())
    assert threads() == before
