"""One tick: each step alone, a failing step never stopping the next."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from functools import partial
from typing import TypeVar

from django.db import connections

from runbell.actions.doubt import doubt
from runbell.actions.fire_due import fire_due
from runbell.actions.look import look
from runbell.actions.reap import Explain, nobody_says, reap
from runbell.actions.relay import relay
from runbell.actions.release import release
from runbell.actions.seal_audit import seal_audit
from runbell.actions.sync_schedules import sync_schedules

logger = logging.getLogger(__name__)
Done = TypeVar("Done")

STEPS: dict[str, Callable[[], int]] = {
    "fire_due": fire_due,
    "doubt": doubt,
    "relay": relay,
    "reap": reap,
    "release": release,
    "seal_audit": seal_audit,
}


PACE = {"doubt": 2.5, "reap": 1.5, "release": 1.5}
"""Seconds between two turns of a step that needs none at every tick."""


def tick(explain: Explain = nobody_says) -> dict[str, int | None]:
    """Do everything that is due now; return how much each step did, None where it failed (the failure is logged).

    Args:
        explain: says what runs wait for, to be kept with those whose time ran out.
    """
    return {name: _attempt(name, step) for name, step in _steps(explain).items()}


def _steps(explain: Explain) -> dict[str, Callable[[], int]]:
    return STEPS | {"reap": partial(reap, explain)}


class Ticker:
    """Ticks, once the declared schedules have been brought into the database: until then it would fire old ones.

    It looks before it does anything, so that a tick with nothing to do costs one question.
    """

    def __init__(self, explain: Explain = nobody_says) -> None:
        self._steps = _steps(explain)
        self._synced = False
        self._turns: dict[str, float] = {}

    def tick(self) -> dict[str, int | None]:
        """Do what is due and has its turn; see ``tick``. Nothing but that it failed while the database is away."""
        if not self._synced:
            self._synced = bool(_attempt("sync_schedules", sync_schedules))
        wanted = _attempt("look", look) if self._synced else None
        if wanted is None:
            return dict.fromkeys(STEPS)
        return {name: _attempt(name, step) if self._is_on(name, wanted) else 0 for name, step in self._steps.items()}

    def _is_on(self, name: str, wanted: Collection[str]) -> bool:
        return name in wanted and self._has_its_turn(name)

    def _has_its_turn(self, name: str) -> bool:
        now = time.monotonic()
        if name in self._turns and now - self._turns[name] < PACE.get(name, 0.0):
            return False
        self._turns[name] = now
        return True


def _attempt(name: str, step: Callable[[], Done]) -> Done | None:
    try:
        return step()
    except Exception:
        logger.exception("the ticker's step %s failed; it is tried again at the next tick", name)
        _let_go_of_dead_connections()
        return None


def _let_go_of_dead_connections() -> None:
    """A connection that the database closed stays dead until somebody looks; outside of requests nobody else does."""
    for connection in connections.all(initialized_only=True):
        connection.close_if_unusable_or_obsolete()
