"""Delete finished runs that nobody needs any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from runbell.ledger import reaping

MAX_BATCHES = 2000
"""Bound on one call: a million runs."""


@dataclass(frozen=True)
class Pruned:
    """What was deleted, and what was kept on purpose.

    Args:
        runs, events, log_lines: rows deleted.
        kept_for_evidence: ``MISSED`` and ``EXPIRED`` rows of the same age, which stay.
        complete: False if the bound was reached and a further call will delete more.
    """

    runs: int
    events: int
    log_lines: int
    kept_for_evidence: int
    complete: bool


def prune(*, older_than: timedelta, remove_revoked: bool = True) -> Pruned:
    """Delete runs that finished longer than ``older_than`` ago, with their events and log lines, in short batches.

    Audit entries, active runs, ``MISSED`` and ``EXPIRED`` rows stay.
    """
    before = timezone.now() - older_than
    candidates = reaping.prunable(before, with_revoked=remove_revoked)
    batches = []
    for batch in reaping.delete_in_batches(candidates):
        batches.append(batch)
        if len(batches) >= MAX_BATCHES:
            break
    reaping.keep_months(before, timezone.now())
    return Pruned(
        runs=sum(batch.runs for batch in batches),
        events=sum(batch.events for batch in batches),
        log_lines=sum(batch.log_lines for batch in batches),
        kept_for_evidence=reaping.count_evidence(before),
        complete=len(batches) < MAX_BATCHES,
    )
