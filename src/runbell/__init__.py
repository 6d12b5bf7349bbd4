"""Runbell: a console for the scheduled background tasks of a Django + Celery application.

The names below are what a project uses. They are loaded on first use, so that importing a part of Runbell never
imports Celery or Django's models before Django is ready.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runbell.domain.outcome import Backlog, Outcome
    from runbell.domain.schedules import cron, every
    from runbell.engine.context import Run, StaleAttempt
    from runbell.engine.declare import task

__all__ = ["Backlog", "Outcome", "Run", "StaleAttempt", "cron", "every", "task"]
__version__ = "0.1.0"

_HOMES = {
    "Backlog": "runbell.domain.outcome",
    "Outcome": "runbell.domain.outcome",
    "Run": "runbell.engine.context",
    "StaleAttempt": "runbell.engine.context",
    "cron": "runbell.domain.schedules",
    "every": "runbell.domain.schedules",
    "task": "runbell.engine.declare",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
