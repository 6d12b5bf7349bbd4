"""The threads that serve requests."""

from __future__ import annotations

import asyncio
import contextvars
import threading

import pytest

from runbell.asgi.threads import RequestThreads

who = contextvars.ContextVar("who", default="nobody")


def test_a_call_gives_what_it_returns_or_raises_from_another_thread() -> None:
    async def calls() -> None:
        threads = RequestThreads(2)
        assert await threads.call(divmod, 7, 2) == (3, 1)
        assert await threads.call(threading.get_ident) != threading.get_ident()
        with pytest.raises(ZeroDivisionError):
            await threads.call(divmod, 7, 0)
        assert await threads.call(len, "still there") == 11

    asyncio.run(calls())


def test_a_call_sees_the_context_it_was_made_in_and_does_not_change_it() -> None:
    def read_and_write() -> str:
        before = who.get()
        who.set("the thread")
        return before

    async def calls() -> None:
        threads = RequestThreads(1)
        who.set("the request")
        assert await threads.call(read_and_write) == "the request"
        assert who.get() == "the request"

    asyncio.run(calls())


def test_calls_that_follow_one_another_need_one_thread() -> None:
    async def calls() -> None:
        threads = RequestThreads(8)
        names = {await threads.call(lambda: threading.current_thread().name) for _ in range(20)}
        assert len(names) == 1

    asyncio.run(calls())


def test_there_are_never_more_threads_than_allowed() -> None:
    together = threading.Barrier(3)

    async def calls() -> None:
        threads = RequestThreads(3)
        names = await asyncio.gather(*(threads.call(meet) for _ in range(9)))
        assert len(set(names)) == 3

    def meet() -> str:
        together.wait(10)
        return threading.current_thread().name

    asyncio.run(calls())


def test_a_caller_that_is_gone_does_not_cost_a_thread() -> None:
    go_on = threading.Event()

    async def calls() -> None:
        threads = RequestThreads(1)
        left = asyncio.ensure_future(threads.call(go_on.wait, 10))
        await asyncio.sleep(0)  # it begins
        left.cancel()
        go_on.set()
        assert await asyncio.wait_for(threads.call(len, "next"), 10) == 4

    asyncio.run(calls())


def test_who_became_free_last_goes_first() -> None:
    """So that few connections to the database are opened where few threads are needed."""
    together = threading.Barrier(4)

    async def calls() -> None:
        threads = RequestThreads(8)
        await asyncio.gather(*(threads.call(together.wait, 5) for _ in range(4)))
        names = {await threads.call(lambda: threading.current_thread().name) for _ in range(20)}
        assert len(names) == 1

    asyncio.run(calls())
