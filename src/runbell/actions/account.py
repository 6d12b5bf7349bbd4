"""A worker accounts for the runs that the ledger says it has: what it has no more goes back, or is lost."""

from __future__ import annotations

import time
from collections.abc import Collection

from django.utils import timezone

from runbell.actions.lose import lose
from runbell.domain.states import Fact, State
from runbell.ledger import doubts
from runbell.ledger.rows import Run
from runbell.ledger.runs import Observation

MAX_RUNS = 1000
"""How many runs of one worker are looked at."""


class Absence:
    """Since when runs have been missing. What was only being handed over is there at the next look."""

    ENOUGH = 10.0
    """Seconds after which a run that is missing is gone."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}

    def note(self, missing: Collection[str], now: float) -> set[str]:
        """Note which runs are missing ``now`` (monotonic seconds); return those that have been for long enough."""
        self._since = {run_id: self._since.get(run_id, now) for run_id in missing}
        return {run_id for run_id, since in self._since.items() if now - since >= self.ENOUGH}


def account_for(instance: str, has: Collection[str], absence: Absence) -> int:
    """Take from a worker what the ledger says it has and it does not have; return how many runs that were.

    Args:
        instance: this start of the worker.
        has: the runs that it holds and runs.
        absence: what was missing before.
    """
    said = doubts.held_by(instance, MAX_RUNS)
    gone = absence.note([run.task_id for run in said if run.task_id not in has], time.monotonic())
    return _let_go([run for run in said if run.task_id in gone], "the worker does not have it any more")


def give_back(instance: str, *, running: bool) -> int:
    """Take from a worker that stops what it holds, and what it runs too if nothing is ``running`` any more.

    Return how many runs that were.
    """
    said = doubts.held_by(instance, MAX_RUNS)
    return _let_go([run for run in said if not running or run.state == State.RECEIVED], "the worker stopped")


def _let_go(held: list[Run], why: str) -> int:
    if not held:
        return 0
    now, why = timezone.now(), f"{why}: {held[0].worker}"
    waiting = [run.task_id for run in held if run.state == State.RECEIVED]
    let_go = doubts.take_back(waiting, why, now) if waiting else 0
    for run in held:
        if run.state == State.STARTED:
            let_go += lose(Observation(run.task_id, Fact.LOST, now, run.worker, why, attempt=run.attempt))
    return let_go
