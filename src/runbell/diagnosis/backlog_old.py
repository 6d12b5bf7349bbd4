"""Work waits for a task longer than its schedule explains, whatever Celery says."""

from __future__ import annotations

from collections.abc import Iterator

from runbell.diagnosis.facts import BacklogFacts, Snapshot, TaskFacts
from runbell.diagnosis.findings import Finding, Severity, duration, utc

PERIODS = 2
LEAST_PATIENCE = 300.0
WITHOUT_SCHEDULE = 86400.0


def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Find backlogs whose oldest item waits longer than two periods, and probes that fail.

    What waits for a paused task waits because somebody wants it to.
    """
    for task in snapshot.tasks:
        if task.backlog is None:
            continue
        if task.backlog.error:
            yield _failing(task, task.backlog)
        elif task.backlog.count and task.backlog.oldest_at is not None and not task.paused:
            waited = (snapshot.at - task.backlog.oldest_at).total_seconds()
            if waited > _patience(task):
                yield _old(task, task.backlog, waited)


def _patience(task: TaskFacts) -> float:
    return max(LEAST_PATIENCE, PERIODS * task.period_seconds) if task.period_seconds else WITHOUT_SCHEDULE


def _old(task: TaskFacts, backlog: BacklogFacts, waited: float) -> Finding:
    return Finding(
        rule="backlog_old",
        severity=Severity.CRITICAL,
        sentence=f"{task.title}: work has waited for {duration(waited)}",
        evidence=f"{backlog.count} items wait, measured at {utc(backlog.measured_at)}",
        mend="Look at the task's latest runs; run it now if they are well",
        tasks=(task.name,),
    )


def _failing(task: TaskFacts, backlog: BacklogFacts) -> Finding:
    return Finding(
        rule="backlog_old",
        severity=Severity.WARNING,
        sentence=f"{task.title}: nobody knows how much work waits, its probe fails",
        evidence=f"{backlog.error} at {utc(backlog.measured_at)}",
        mend="Correct the function given as `backlog` in the task's declaration",
        tasks=(task.name,),
    )
