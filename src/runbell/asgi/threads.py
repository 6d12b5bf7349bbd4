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

    Whoever became free last goes first: its connection to the database was used a moment ago, and where few are needed
    few connections are opened.

    Args:
        limit: how many threads; further calls wait for one.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._started = 0
        self._free: list[SimpleQueue[_Work]] = []
        self._waiting: deque[_Work] = deque()

    async def call(self, function: Callable[..., Any], *args: Any) -> Any:
        """Return what the function returns, called on one of the threads with a copy of this context.

        Raises:
            Exception: what the function raises.
            RuntimeError: if there is no thread and none can be started.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        self._hand_out((loop, answer, copy_context(), function, args))
        return await answer

    def _hand_out(self, work: _Work) -> None:
        with self._lock:
            if self._free:
                self._free.pop().put(work)
            elif self._started == self._limit:
                self._waiting.append(work)
            else:
                self._start(work)

    def _start(self, work: _Work) -> None:
        name = f"request-{self._started + 1}"
        threading.Thread(target=self._serve, args=(work,), name=name, daemon=True).start()
        self._started += 1

    def _serve(self, first: _Work) -> None:
        own: SimpleQueue[_Work] = SimpleQueue()
        following: _Work | None = first
        del first
        while True:
            loop, answer, context, function, args = following or own.get()
            settle, value = _outcome(answer, context, function, args)
            following = self._next(own)  # before the caller knows: its next call finds this thread
            _tell(loop, answer, settle, value)
            del loop, answer, context, function, args, settle, value  # nothing of a request lives on while it waits

    def _next(self, own: SimpleQueue[_Work]) -> _Work | None:
        """Return a call that waits for a thread; None if there is none, and this one is free."""
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._free.append(own)
            return None


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
