"""One watcher a process follows the change feed and tells all browsers: never a query per browser."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections import deque
from collections.abc import AsyncIterator
from functools import lru_cache

from django.db import Error, connections

from runbell.queries.feed import Change, Feed

logger = logging.getLogger(__name__)

LOOK_EVERY = 0.25
"""Seconds between two looks at the feed."""
MAX_FRAMES = 1000
"""How many of the latest changes are remembered as they are told."""
MAX_LISTENERS = 1000
"""How many browsers one process serves."""
MAX_EACH = MAX_LISTENERS // 2
"""How many of them one person may have: nobody can take the stream away from everybody else."""
MAX_WAITING = 100
"""How many changes wait for one slow browser; beyond it the browser is told to ask for everything again."""
KEEP_ALIVE = 15.0
"""Seconds of silence after which a sign of life is sent, so that proxies keep the connection.

It is an event and not a comment, which no page would hear: whoever hears nothing for longer sits behind a proxy that
keeps the stream back, and asks from time to time instead.
"""
LIFETIME = 300.0
"""Seconds after which a stream ends: the browser comes back by itself, and is asked again who it is."""


class Listener:
    """One browser: what it was not told yet. Lives on the event loop that serves it.

    Args:
        who: whose browser it is.
    """

    def __init__(self, who: str) -> None:
        self.who = who
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Change] = deque()
        self._missed = False
        self._wake = asyncio.Event()

    def tell(self, changes: list[Change], missed: bool) -> None:
        """Hand changes over; called by the watcher's thread."""
        self._loop.call_soon_threadsafe(self._take, changes, missed)

    async def next(self, timeout: float) -> tuple[list[Change], bool] | None:
        """Return what is new, and whether something was left out; None after ``timeout`` seconds of silence."""
        try:
            await asyncio.wait_for(self._wake.wait(), timeout)
        except TimeoutError:
            return None
        self._wake.clear()
        changes, missed = list(self._waiting), self._missed
        self._waiting.clear()
        self._missed = False
        return changes, missed

    def _take(self, changes: list[Change], missed: bool) -> None:
        self._missed = self._missed or missed or len(self._waiting) + len(changes) > MAX_WAITING
        if self._missed:
            self._waiting.clear()
        else:
            self._waiting.extend(changes)
        self._wake.set()


class Broadcast:
    """The watcher and its listeners. The watcher runs while somebody listens."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._lock = threading.Lock()
        self._watching = False

    @property
    def is_full(self) -> bool:
        """Whether no further browser can be served."""
        return len(self._listeners) >= MAX_LISTENERS

    def has_enough(self, who: str) -> bool:
        """Return whether no further browser of this person is served."""
        with self._lock:
            return sum(listener.who == who for listener in self._listeners) >= MAX_EACH

    def join(self, listener: Listener) -> None:
        """Tell a listener from now on."""
        with self._lock:
            self._listeners.add(listener)
            if not self._watching:
                self._watching = True
                threading.Thread(target=self._watch, name="runbell-feed", daemon=True).start()

    def leave(self, listener: Listener) -> None:
        """Tell a listener no more."""
        with self._lock:
            self._listeners.discard(listener)

    def _watch(self) -> None:
        """Look until nobody listens any more. After a failure of the database all are told to ask again."""
        feed: Feed | None = None
        pause = threading.Event()
        while self._somebody_listens():
            try:
                if feed is None:
                    feed = Feed()
                    self._tell([], missed=True)
                self._tell(*feed.look())
            except Error:
                logger.warning("the change feed cannot be read; trying again", exc_info=True)
                connections.close_all()
                feed = None
            pause.wait(LOOK_EVERY if feed else 2.0)
        connections.close_all()

    def _somebody_listens(self) -> bool:
        with self._lock:
            self._watching = bool(self._listeners)
            return self._watching

    def _tell(self, changes: list[Change], missed: bool) -> None:
        if not changes and not missed:
            return
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener.tell(changes, missed)


_ALIVE = b"event: alive\ndata: {}\n\n"
broadcast = Broadcast()
"""This process's watcher."""


async def stream(who: str) -> AsyncIterator[bytes]:
    """Yield server-sent events (WHATWG HTML, section 9.2) until the stream's lifetime is over.

    ``change`` carries the run, its task and what happened; ``resync`` says that something was left out; ``alive``
    comes first, and whenever there was nothing else to say.
    """
    listener = Listener(who)
    broadcast.join(listener)
    ends = asyncio.get_running_loop().time() + LIFETIME
    try:
        yield b"retry: 2000\n\n" + _ALIVE
        while (left := ends - asyncio.get_running_loop().time()) > 0:
            news = await listener.next(min(KEEP_ALIVE, left))
            yield _ALIVE if news is None else _frames(*news)
    finally:
        broadcast.leave(listener)


def _frames(changes: list[Change], missed: bool) -> bytes:
    if missed:
        return b"event: resync\ndata: {}\n\n"
    return b"".join(_frame(change) for change in changes)


@lru_cache(MAX_FRAMES)
def _frame(change: Change) -> bytes:
    """Return what all browsers are told of a change; it is written down once for all of them."""
    data = json.dumps({"run": change.run_id, "task": change.task_name, "kind": change.kind})
    return f"id: {change.id}\nevent: change\ndata: {data}\n\n".encode()
