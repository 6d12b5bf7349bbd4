"""No worker lives, so nothing runs and nobody ticks."""

from __future__ import annotations

from collections.abc import Iterator

from runbell.diagnosis.facts import Snapshot
from runbell.diagnosis.findings import Finding, Severity, utc


def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Find that there is no live worker."""
    if snapshot.tasks and not snapshot.workers:
        queues = ",".join(sorted({task.queue for task in snapshot.tasks}))
        yield Finding(
            rule="no_worker",
            severity=Severity.CRITICAL,
            sentence="No worker is alive: nothing runs, and nothing that falls due is fired",
            evidence=f"No worker's heartbeat was young at {utc(snapshot.at)}",
            mend=f"Start a worker: celery -A PROJECT worker -Q {queues}",
            tasks=tuple(task.name for task in snapshot.tasks),
        )
