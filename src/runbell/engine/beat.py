"""Runbell's ticker as a scheduler of ``celery beat``, for those who want a process of its own.

``celery -A edms beat -S runbell.engine.beat:Scheduler``. It may run beside the tickers in the workers: every moment is
claimed in the database, whoever comes first.
"""

from __future__ import annotations

from typing import Any

from celery import beat

from runbell.actions.tick import Ticker
from runbell.conf import settings
from runbell.engine.waiting import explain


class Scheduler(beat.Scheduler):
    """Ticks instead of keeping a schedule of its own."""

    def setup_schedule(self) -> None:
        """Make the ticker, which brings the declared schedules into the database as soon as that can be reached."""
        self._ticker = Ticker(explain)

    def tick(self, *_: Any, **__: Any) -> float:
        """Do what is due; return the seconds until the next call."""
        self._ticker.tick()
        return settings().TICK_INTERVAL
