"""A live worker that does not know a task discards its messages."""

from __future__ import annotations

from collections.abc import Iterator

from runbell.diagnosis.facts import Snapshot
from runbell.diagnosis.findings import Finding, Severity


def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Find tasks that no live worker has registered."""
    for task in snapshot.tasks if snapshot.workers else ():
        if not task.registered:
            yield Finding(
                rule="not_registered",
                severity=Severity.CRITICAL,
                sentence=f"{task.title}: no live worker knows this task",
                evidence=f"{task.celery_name} is not among the registered tasks of {snapshot.workers} live workers",
                mend="Restart the workers with the present code",
                tasks=(task.name,),
            )
