"""End what can no longer end by itself: runs that waited too long, and runs whose worker died."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from django.utils import timezone

from runbell.actions.lose import lose
from runbell.conf import settings
from runbell.domain.states import Fact
from runbell.ledger import places, reaping, runs, workers

MAX_RUNS = 200
"""How many runs of each kind one tick ends; the rest follow in the next."""
FORGET_WORKERS_AFTER = timedelta(days=1)


class Watch:
    """Since when this process has looked at the heartbeats without a pause.

    After a pause (the database was away, the machine slept) every heartbeat looks old, the living ones too. Who judges
    then calls runs lost that are not. So a judge must have watched for a while.
    """

    PAUSE = 5.0
    """Seconds between two looks that count as a pause."""
    ENOUGH = 8.0
    """Seconds of watching after which a silent worker is one that had the time to speak."""

    def __init__(self) -> None:
        self._since = self._last = float("-inf")

    def look(self, now: float) -> bool:
        """Note a look at ``now`` (monotonic seconds); return whether it has been watched for long enough."""
        if now - self._last > self.PAUSE:
            self._since = now
        self._last = now
        return now - self._since >= self.ENOUGH


_watch = Watch()


Explain = Callable[[Sequence[str]], Mapping[str, str]]
"""Says of runs, by their ids, what each of them waits for."""


def nobody_says(_: Sequence[str]) -> Mapping[str, str]:
    """Explain nothing."""
    return {}


def reap(explain: Explain = nobody_says) -> int:
    """Expire what waited past its expiry, call lost what ran on a worker that is gone; return how many."""
    ended = _expire(explain)
    if _watch.look(time.monotonic()):
        ended += bury_lost()
    workers.forget(timezone.now() - FORGET_WORKERS_AFTER)
    return ended


def _expire(explain: Explain) -> int:
    now, expired = timezone.now(), 0
    overdue = reaping.overdue(now, MAX_RUNS)
    reasons = explain([run.task_id for run in overdue if not run.in_line]) if overdue else {}
    for run in overdue:
        where = places.waited_for(run) or f"still {run.state} in queue {run.queue}"
        waited = f"it was {where} when its time ran out at {run.expires_at:%H:%M:%S} UTC"
        why = reasons.get(run.task_id, "")
        detail = f"{waited}: {why}" if why else waited
        expired += runs.observe(runs.Observation(run.task_id, Fact.EXPIRED, now, detail=detail))
    return expired


def bury_lost() -> int:
    """Call lost what ran on a worker that stopped or has been silent for too long; return how many."""
    now = timezone.now()
    lost = 0
    for run in reaping.orphaned(now - timedelta(seconds=settings().LOST_AFTER), MAX_RUNS):
        detail = f"worker {run.worker} that ran it is gone"
        fact = runs.Observation(run.task_id, Fact.LOST, now, worker=run.worker, detail=detail, attempt=run.attempt)
        lost += lose(fact)
    return lost
