"""Word from threads to an event loop."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from runbell.asgi.mailbox import Mailbox


def test_what_threads_post_is_called_on_the_loop_in_order() -> None:
    async def receive() -> list[tuple[int, bool]]:
        mailbox, done = Mailbox(asyncio.get_running_loop()), asyncio.Event()
        here, got = threading.current_thread(), []

        def post() -> None:
            for number in range(100):
                mailbox.post(lambda number=number: got.append((number, threading.current_thread() is here)))  # type: ignore[misc]
            mailbox.post(done.set)

        threading.Thread(target=post).start()
        await asyncio.wait_for(done.wait(), 5)
        return got

    assert asyncio.run(receive()) == [(number, True) for number in range(100)]


def test_all_that_comes_together_wakes_the_loop_once() -> None:
    async def wakes() -> int:
        loop = asyncio.get_running_loop()
        mailbox, calls, got = Mailbox(loop), [], []
        really = loop.call_soon_threadsafe

        def counted(*args: Any, **options: Any) -> Any:
            calls.append(args)
            return really(*args, **options)

        loop.call_soon_threadsafe = counted  # type: ignore[method-assign]
        for number in range(10):
            mailbox.post(lambda number=number: got.append(number))  # type: ignore[misc]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert got == list(range(10))
        return len(calls)

    assert asyncio.run(wakes()) == 1


def test_a_loop_that_is_closed_gets_no_more_post() -> None:
    loop = asyncio.new_event_loop()
    mailbox = Mailbox(loop)
    loop.close()
    mailbox.post(lambda: None)
