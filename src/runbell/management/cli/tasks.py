"""``runbell tasks``: what can run, when it is due, how it did, and what is wrong."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import datetime

from django.utils import timezone

from runbell.diagnosis.verdict import Verdict, diagnose
from runbell.management.cli.console import Console, Subcommand
from runbell.management.cli.text import moment, relative
from runbell.queries.tasks import Overview, TaskStatus, overview


def _arguments(_: ArgumentParser) -> None:
    """Take no options of its own."""


def _run(_: Namespace, console: Console) -> None:
    seen = overview()
    verdict = diagnose(seen)
    if console.json:
        console.document(_document(seen, verdict))
        return
    console.table(
        ["task", "schedule", "next due", "last run", "backlog", "waiting", "running", "health"],
        [_row(task, verdict, timezone.now()) for task in seen.tasks],
        empty="There are no tasks.",
    )
    console.text(f"\n{verdict.sentence}.")
    for finding in verdict.findings:
        console.text(f"{finding.severity.word}: {finding.sentence}. {finding.mend}")


def _document(seen: Overview, verdict: Verdict) -> dict[str, object]:
    findings = [vars(finding) | {"severity": finding.severity.word} for finding in verdict.findings]
    return {
        "verdict": {"status": verdict.severity.word, "sentence": verdict.sentence, "findings": findings},
        "tasks": seen.tasks,
    }


def _row(task: TaskStatus, verdict: Verdict, now: datetime) -> tuple[object, ...]:
    return (
        task.name,
        [f"{schedule.words} ({schedule.time_zone})" for schedule in task.schedules] or "by hand",
        _next_due(task, now),
        f"{task.last_run.state} {relative(task.last_run.requested_at, now)}" if task.last_run else "never run",
        _backlog(task),
        task.waiting,
        task.running,
        verdict.severity_of(task.name).word,
    )


def _next_due(task: TaskStatus, now: datetime) -> str:
    if task.pause is None:
        return relative(task.next_due_at, now)
    return f"paused until {moment(task.pause.until)}" if task.pause.until else "paused"


def _backlog(task: TaskStatus) -> object:
    if task.backlog is None:
        return None
    return "unknown" if task.backlog.error else task.backlog.count


COMMAND = Subcommand("tasks", "Show all tasks: schedule, last run, backlog, and what is wrong.", _arguments, _run)
