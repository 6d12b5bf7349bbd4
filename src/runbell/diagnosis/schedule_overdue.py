"""A moment at which a schedule was due has passed and nobody claimed it: nobody ticks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from runbell.diagnosis.facts import Snapshot
from runbell.diagnosis.findings import Finding, Severity, utc

PATIENCE = timedelta(seconds=60)


def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Find schedules whose next moment is long past; without any worker that is not worth saying of each."""
    for task in snapshot.tasks if snapshot.workers else ():
        overdue = [
            each.next_due_at for each in task.schedules if each.fires and snapshot.at - each.next_due_at > PATIENCE
        ]
        if overdue and not task.paused:
            yield Finding(
                rule="schedule_overdue",
                severity=Severity.CRITICAL,
                sentence=f"{task.title} is due and nobody fires it",
                evidence=f"It was due at {utc(min(overdue))}",
                mend="Read the ticker's errors in the workers' logs; `manage.py runbell tick` ticks without a worker",
                tasks=(task.name,),
            )
