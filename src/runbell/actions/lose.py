"""An attempt died with its worker: another one follows where that is safe, or the run is lost."""

from __future__ import annotations

from dataclasses import replace

from runbell.catalog import catalog
from runbell.conf import settings
from runbell.domain.states import Fact
from runbell.ledger import runs
from runbell.ledger.runs import Observation


def attempts_of(celery_name: str) -> int:
    """Return how many attempts a run of a task may have when their workers die: one, unless it is safe to repeat."""
    task = catalog.find(celery_name)
    return settings().LOST_ATTEMPTS if task is not None and task.safe_to_repeat else 1


def lose(observation: Observation) -> bool:
    """Write down that an attempt died, as the ``observation`` of it says; return whether it moved the run."""
    run = runs.find(observation.run_id)
    if run is None or observation.attempt not in (None, run.attempt):
        return False
    attempts = attempts_of(run.celery_name)
    if run.attempt >= attempts or run.cancel_requested_at is not None:
        return runs.observe(replace(observation, attempt=run.attempt))
    again = f"{observation.detail}; attempt {run.attempt + 1} of {attempts} follows"
    changes = {"publish_after": observation.at}
    return runs.observe(replace(observation, fact=Fact.RETRY, detail=again, changes=changes, attempt=run.attempt))
