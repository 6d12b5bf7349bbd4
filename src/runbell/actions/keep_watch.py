"""Leave word that a ticker is at work, so that a silence can be told from a schedule that nobody fired."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from runbell.ledger import clock, tickers

NOTE_EVERY = timedelta(seconds=5)
"""How often one ticker leaves word."""
LONGEST_PAUSE = timedelta(seconds=20)
"""How long nobody may leave word before it counts as a silence."""


class Watch:
    """What this process remembers of its own watch: since when it has tried without a pause, and when it left word.

    It tries also while the database cannot be reached; each try is a ``with`` block, however long it hangs.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._since = self._last = monotonic()
        self.noted_at: datetime | None = None

    def __enter__(self) -> timedelta:
        """Begin a try; return for how long this process has tried."""
        now = self._monotonic()
        if now - self._last > LONGEST_PAUSE.total_seconds():
            self._since = now
        return timedelta(seconds=now - self._since)

    def __exit__(self, *_: object) -> None:
        """Note that it tried until now."""
        self._last = self._monotonic()

    def is_time(self, now: datetime) -> bool:
        """Return whether to leave word at ``now``, which may lie before the last time if a clock was put back."""
        return self.noted_at is None or not timedelta(0) <= now - self.noted_at < NOTE_EVERY


watch = Watch()
"""This process's watch."""


def keep_watch() -> datetime:
    """Leave word that this ticker is at work, unless it just did; return the time, by the clock that tickers share.

    Raises:
        django.db.DatabaseError: if the database cannot be reached; that it was tried is remembered.
    """
    with watch as tried_for:
        now = clock.now()
        if watch.is_time(now):
            tickers.note(now, now - tried_for, LONGEST_PAUSE)
            watch.noted_at = now
    return now
