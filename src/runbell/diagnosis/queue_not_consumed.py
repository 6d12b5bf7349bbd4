"""What is sent to a queue that nobody consumes waits for ever."""

from __future__ import annotations

from collections.abc import Iterator

from runbell.diagnosis.facts import Snapshot
from runbell.diagnosis.findings import Finding, Severity


def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Find queues of tasks that no live worker consumes."""
    tasks_of: dict[str, list[str]] = {}
    for task in snapshot.tasks if snapshot.workers else ():
        if not task.queue_consumed:
            tasks_of.setdefault(task.queue, []).append(task.name)
    for queue, tasks in sorted(tasks_of.items()):
        yield Finding(
            rule="queue_not_consumed",
            severity=Severity.CRITICAL,
            sentence=f"Nobody consumes the queue {queue}: {len(tasks)} tasks wait for ever",
            evidence=f"None of {snapshot.workers} live workers consumes {queue}",
            mend=f"Start a worker for it: celery -A PROJECT worker -Q {queue}",
            tasks=tuple(tasks),
        )
