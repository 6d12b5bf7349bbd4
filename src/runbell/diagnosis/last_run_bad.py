"""The latest run that ended, ended badly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from runbell.diagnosis.facts import RunFacts, Snapshot, TaskFacts
from runbell.diagnosis.findings import Finding, Severity, utc
from runbell.domain.states import BAD, FINISHED, State

WORDS = {
    State.PARTIAL: "did only part of its work the last time",
    State.FAILURE: "failed the last time",
    State.LOST: "was lost with its worker the last time",
    State.EXPIRED: "was not started in time the last time",
    State.MISSED: "was missed the last time it was due",
}
MEND = "Read the run's events and log; retry it when the cause is gone"
JUDGED = FINISHED - {State.SKIPPED, State.REVOKED}
"""What somebody cancelled or a policy skipped says nothing about the task."""


def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Find tasks whose latest judged run is a bad one."""
    for task in snapshot.tasks:
        last = next((run for run in task.outcomes if run.state in JUDGED), None)
        if last is not None and last.state in BAD:
            yield _finding(task, last)


def _finding(task: TaskFacts, run: RunFacts) -> Finding:
    state = State(run.state)
    return Finding(
        rule="last_run_bad",
        severity=Severity.WARNING if state is State.PARTIAL else Severity.CRITICAL,
        sentence=f"{task.title} {WORDS[state]}",
        evidence=f"Run {run.id}, asked for at {utc(datetime.fromisoformat(run.requested_at))}, is {state}",
        mend=MEND,
        tasks=(task.name,),
    )
