"""Threads that serve requests: what a thread pool of the standard library does, with fewer steps a call.

``loop.run_in_executor`` makes two futures for each call and chains them through a condition variable, which costs a
trigger about 7 % of its time.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from queue import SimpleQueue
from typing import Any

_Work = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Context, Callable[..., Any], tuple[Any, ...]]


class RequestThreads:
    """Runs calls on at most so many threads, which are started when they are needed and never end.

    Args:
        limit: how many threads; further calls wait for one.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._started = 0
        self._idle: deque[None] = deque()
        self._work: SimpleQueue[_Work] = SimpleQueue()

    async def call(self, function: Callable[..., Any], *args: Any) -> Any:
        """Return what the function returns, called on one of the threads with a copy of this context.

        Raises:
            Exception: what the function raises.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        self._have_a_thread()
        self._work.put((loop, answer, copy_context(), function, args))
        return await answer

    def _have_a_thread(self) -> None:
        try:
            self._idle.pop()
        except IndexError:
            if self._started < self._limit:
                self._started += 1
                threading.Thread(target=self._serve, name=f"request-{self._started}", daemon=True).start()

    def _serve(self) -> None:
        while True:
            loop, answer, context, function, args = self._work.get()
            settle, value = _outcome(answer, context, function, args)
            self._idle.append(None)  # before the caller knows: its next call finds this thread
            _tell(loop, answer, settle, value)
            del loop, answer, context, function, args, settle, value  # nothing of a request lives on while it waits


def _outcome(
    answer: asyncio.Future[Any], context: Context, function: Callable[..., Any], args: tuple[Any, ...]
) -> tuple[Callable[[Any], None], Any]:
    """Call the function; return how the answer is to be settled, and with what."""
    try:
        return answer.set_result, context.run(function, *args)
    except BaseException as error:  # noqa: BLE001 (whoever awaits it gets it)
        return answer.set_exception, error


def _tell(
    loop: asyncio.AbstractEventLoop, answer: asyncio.Future[Any], settle: Callable[[Any], None], value: Any
) -> None:
    """Settle the answer on its event loop, unless that was closed or nobody awaits it any more."""

    def unless_cancelled() -> None:
        if not answer.done():
            settle(value)

    try:
        loop.call_soon_threadsafe(unless_cancelled)
    except RuntimeError:
        if not loop.is_closed():
            raise
