"""All rules over one snapshot, and what they amount to."""

from __future__ import annotations

from dataclasses import dataclass

from runbell.diagnosis import (
    backlog_old,
    last_run_bad,
    no_worker,
    not_registered,
    queue_not_consumed,
    run_waiting,
    schedule_overdue,
)
from runbell.diagnosis.facts import Snapshot
from runbell.diagnosis.findings import Finding, Severity

RULES = (no_worker, queue_not_consumed, not_registered, schedule_overdue, backlog_old, last_run_bad, run_waiting)
"""In the order in which causes come before what they cause."""

MAX_NAMED = 3
"""How many paused tasks the sentence names; of further ones it gives the number."""


@dataclass(frozen=True)
class Verdict:
    """What all findings amount to.

    Args:
        severity: of the worst finding.
        sentence: for people, e.g. ``"All 10 tasks healthy"``.
        findings: the worst first, causes before what they cause.
        by_task: the worst severity of each task that is not healthy.
    """

    severity: Severity
    sentence: str
    findings: tuple[Finding, ...]
    by_task: dict[str, Severity]

    def severity_of(self, task_name: str) -> Severity:
        """Return how bad it is with one task."""
        return self.by_task.get(task_name, Severity.HEALTHY)


def diagnose(snapshot: Snapshot) -> Verdict:
    """Return what is wrong at the moment of the snapshot."""
    findings = sorted(
        (finding for rule in RULES for finding in rule.check(snapshot)), key=lambda finding: -finding.severity
    )
    by_task: dict[str, Severity] = {}
    for finding in findings:
        for task in finding.tasks:
            by_task.setdefault(task, finding.severity)
    severity = findings[0].severity if findings else Severity.HEALTHY
    sentence = _sentence(findings, by_task, len(snapshot.tasks)) + _paused(snapshot)
    return Verdict(severity, sentence, tuple(findings), by_task)


def _sentence(findings: list[Finding], by_task: dict[str, Severity], tasks: int) -> str:
    if not findings:
        return f"All {tasks} tasks healthy" if tasks else "There are no tasks"
    more = f", and {len(findings) - 1} more findings" if len(findings) > 1 else ""
    return f"{len(by_task)} of {tasks} tasks need attention: {findings[0].sentence}{more}"


def _paused(snapshot: Snapshot) -> str:
    paused = [task.title for task in snapshot.tasks if task.paused]
    named = ", ".join(paused[:MAX_NAMED]) + (f" and {len(paused) - MAX_NAMED} more" if len(paused) > MAX_NAMED else "")
    return f"; {len(paused)} paused: {named}" if paused else ""
