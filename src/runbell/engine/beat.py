"""Runbell's ticker as a scheduler of ``celery beat``, for those who want a process of its own.

``celery -A edms beat -S runbell.engine.beat:Scheduler``. It may run beside the tickers in the workers: every moment is
claimed in the database, whoever comes first.
"""

from __future__ import annotations

from typing import Any

from celery import beat

from runbell.actions.sync_schedules import sync_schedules
from runbell.actions.tick import tick
from runbell.conf import settings


class Scheduler(beat.Scheduler):
    """Ticks instead of keeping a schedule of its own."""

    def setup_schedule(self) -> None:
        """Bring the declared schedules into the database."""
        sync_schedules()

    def tick(self, *_: Any, **__: Any) -> float:
        """Do what is due; return the seconds until the next call."""
        tick()
        return settings().TICK_INTERVAL
