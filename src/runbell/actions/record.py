"""Write down what was seen of runs: by the dispatcher, by Celery's signals, by an attempt itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils import timezone

from runbell.actions.lose import attempts_of, lose
from runbell.actions.release import hasten
from runbell.conf import settings
from runbell.domain.states import ENDINGS, Fact
from runbell.ledger import claims, fences, marking, runs
from runbell.ledger.attempt import NO_LOG, Claim, Claimant, Ending, Log, Stray, TakeOver, Word
from runbell.ledger.claims import keep_log, note_progress
from runbell.ledger.runs import Observation

__all__ = [
    "Claim",
    "Claimant",
    "Ending",
    "Log",
    "Observation",
    "Stray",
    "Word",
    "claim",
    "database",
    "ended",
    "keep_log",
    "note_progress",
    "observed",
    "published",
    "received",
]


def database() -> str:
    """Return the alias of the ledger's database."""
    return runs.database()


def published(times: Mapping[str, datetime]) -> None:
    """Write down that the broker has these runs: run id to the moment it took it."""
    marking.mark_published(times)


def received(times: Mapping[str, datetime], holder: Claimant) -> None:
    """Write down that a worker holds these runs for a free slot: run id to the moment it took it."""
    marking.mark_received(times, holder)


NO_ATTEMPT = -1
"""The number of an attempt of which nothing moves its run."""


def observed(observation: Observation, seen_by: Claimant | None = None) -> bool:
    """Write down any other fact; return whether it moved the run. A lost attempt may be followed by another one.

    What a worker saw moves no run whose attempt is under way in another worker: it saw an earlier one.
    """
    if seen_by is not None and fences.is_elsewhere(observation.run_id, seen_by.instance):
        observation = replace(observation, attempt=NO_ATTEMPT)
    moved = lose(observation) if observation.fact is Fact.LOST else runs.observe(observation)
    if moved and observation.fact in ENDINGS:
        hasten(observation.celery_name)
    return moved


def claim(stray: Stray, claimant: Claimant) -> Claim | None:
    """Take a run for an attempt, opening it first if it was sent past Runbell; None if it must not be run."""
    now = timezone.now()
    terms = TakeOver(timedelta(seconds=settings().LOST_AFTER), attempts_of(stray.celery_name))
    claimed = claims.claim(stray, claimant, now, terms)
    if claimed is None and not claims.exists(stray.run_id):
        return claims.adopt(stray, claimant, now)
    return claimed


def ended(claimed: Claim, ending: Ending, log: Log = NO_LOG) -> bool:
    """Write down how an attempt ended, with the rest of its log; return whether it was still the one that counts."""
    counts = claims.end(claimed, ending, log)
    if counts and ending.fact in ENDINGS:
        hasten(claimed.task_name)
    return counts
