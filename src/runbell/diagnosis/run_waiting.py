"""Runs wait longer than they should, for the broker or for a worker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from runbell.diagnosis.facts import Snapshot
from runbell.diagnosis.findings import Finding, Severity, duration, utc

FOR_THE_BROKER = timedelta(seconds=15)
FOR_A_WORKER = timedelta(minutes=2)


def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Find runs that the broker does not have, and tasks whose runs no worker starts."""
    yield from _not_published(snapshot)
    for task in snapshot.tasks:
        oldest = task.oldest_waiting_at
        if oldest is not None and snapshot.at - oldest > FOR_A_WORKER:
            yield Finding(
                rule="run_waiting",
                severity=Severity.WARNING,
                sentence=f"{task.title}: a run has waited for {duration((snapshot.at - oldest).total_seconds())}",
                evidence=f"{task.waiting} runs wait, the oldest since {utc(oldest)}",
                mend="See which workers consume its queue and what they do now; start more if all slots are busy",
                tasks=(task.name,),
            )


def _not_published(snapshot: Snapshot) -> Iterator[Finding]:
    late = [
        task
        for task in snapshot.tasks
        if task.oldest_accepted_at is not None and snapshot.at - task.oldest_accepted_at > FOR_THE_BROKER
    ]
    if late:
        oldest = min(task.oldest_accepted_at for task in late if task.oldest_accepted_at is not None)
        yield Finding(
            rule="run_waiting",
            severity=Severity.CRITICAL,
            sentence="Runs are in the ledger and the broker does not have them",
            evidence=f"{sum(task.accepted for task in late)} runs, the oldest since {utc(oldest)}",
            mend="See whether the broker can be reached, and whether a ticker lives to hand them over",
            tasks=tuple(task.name for task in late),
        )
