"""Word from other threads to an event loop: one wake-up for all that came at the same time."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable

logger = logging.getLogger(__name__)


class Mailbox:
    """Has calls made on an event loop.

    Args:
        loop: the event loop.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._letters: deque[Callable[[], None]] = deque()
        self._on_its_way = False

    def post(self, call: Callable[[], None]) -> None:
        """Have ``call`` called on the loop soon. Safe from any thread; a loop that was closed gets no more post."""
        self._letters.append(call)
        if not self._on_its_way:
            self._on_its_way = True
            try:
                self.loop.call_soon_threadsafe(self._deliver)
            except RuntimeError:
                if not self.loop.is_closed():
                    raise

    def _deliver(self) -> None:
        self._on_its_way = False  # first: what is posted from here on calls again
        while self._letters:
            call = self._letters.popleft()
            try:
                call()
            except Exception:
                logger.exception("what was posted to the event loop failed")
