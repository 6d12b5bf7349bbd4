"""End what can no longer end by itself: runs that waited too long, and runs whose worker died."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from runbell.conf import settings
from runbell.domain.states import Fact
from runbell.ledger import reaping, runs, workers

MAX_RUNS = 200
"""How many runs of each kind one tick ends; the rest follow in the next."""
FORGET_WORKERS_AFTER = timedelta(days=1)


def reap() -> int:
    """Expire what waited past its expiry, call lost what ran on a worker that is gone; return how many."""
    now = timezone.now()
    ended = 0
    for run in reaping.overdue(now, MAX_RUNS):
        detail = f"it was still {run.state} in queue {run.queue} when its time ran out at {run.expires_at:%H:%M:%S} UTC"
        ended += runs.observe(runs.Observation(run.task_id, Fact.EXPIRED, now, detail=detail))
    for run in reaping.orphaned(now - timedelta(seconds=settings().LOST_AFTER), MAX_RUNS):
        detail = f"worker {run.worker} that ran it is gone"
        ended += runs.observe(runs.Observation(run.task_id, Fact.LOST, now, worker=run.worker, detail=detail))
    workers.forget(now - FORGET_WORKERS_AFTER)
    return ended
