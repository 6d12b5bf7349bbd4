"""Wire types of the overview."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, WithJsonSchema

from runbell.api.links import Links
from runbell.api.schemas.common import Wire
from runbell.api.schemas.tasks import TaskBase, TaskLinks, task_links
from runbell.diagnosis.findings import Severity
from runbell.diagnosis.verdict import Verdict
from runbell.queries.task_rows import Mark
from runbell.queries.tasks import Overview, TaskStatus


class FindingOut(Wire):
    """One thing that is wrong."""

    rule: str = Field(description="Which rule found it.")
    severity: str = Field(description="warning or critical.")
    sentence: str = Field(description="What is wrong.")
    evidence: str = Field(description="What shows it.")
    mend: str = Field(description="What to do about it.")
    tasks: list[str] = Field(description="The tasks that it keeps from their work.")


class OutcomeOut(Wire):
    """One of the latest runs, in brief."""

    id: str = Field(description="The run's id.")
    state: str = Field(description="Its state.")
    requested_at: datetime = Field(description="When it was asked for.")


Outcome = Annotated[Mark, WithJsonSchema(OutcomeOut.model_json_schema())]
"""Passed through as the query made it, field for field: there are thousands of them in one answer."""


class LastRunOut(OutcomeOut):
    """The latest run that was not skipped."""

    seconds_ran: float | None = Field(description="How long it ran, or has been running.")
    explanation: str = Field(description="Why it is in that state, where that is not obvious.")
    started_at: datetime | None = Field(description="When it started.")
    finished_at: datetime | None = Field(description="When it ended.")
    worker: str = Field(description="The worker that holds or ran it, or empty.")
    processed: int | None = Field(description="Items handled well.")
    failed: int | None = Field(description="Items that failed.")


class StatisticsOut(Wire):
    """What became of the runs of the last 24 hours, rehearsals left out."""

    counted_at: datetime = Field(description="When they were counted, a few seconds ago at most.")
    finished: int = Field(description="How many are finished.")
    states: dict[str, int] = Field(description="How many are in each finished state; those with none are left out.")
    success_rate: float | None = Field(description="SUCCESS among those that succeeded or need a look, 0 to 1.")


class BacklogOut(Wire):
    """Work that waits for the task, counted in the application's own data."""

    count: int = Field(description="Items that wait.")
    oldest_at: datetime | None = Field(description="Since when the oldest one waits.")
    measured_at: datetime = Field(description="When it was counted.")
    error: str = Field(description="Why it could not be counted, or empty.")


class TaskStatusOut(TaskBase):
    """One task with everything that tells whether it does its work."""

    verdict: str = Field(description="healthy, warning or critical.")
    last_run: LastRunOut | None = Field(description="The latest run that was not skipped and no rehearsal.")
    outcomes: tuple[Outcome, ...] = Field(description="The latest 20 runs, newest first, rehearsals left out.")
    statistics: StatisticsOut = Field(description="The last 24 hours.")
    period_seconds: float | None = Field(description="The longest pause that its schedules leave.")
    backlog: BacklogOut | None = Field(description="Null if the task counts none, or was never asked.")
    waiting: int = Field(description="Runs that are not started yet.")
    running: int = Field(description="Runs that a worker runs now.")
    oldest_waiting_at: datetime | None = Field(description="When the oldest of those waiting was asked for.")
    accepted: int = Field(description="Runs that only the ledger has, not the broker.")
    oldest_accepted_at: datetime | None = Field(description="When the oldest of those was asked for.")
    registered: bool = Field(description="Whether a live worker knows the task.")
    queue_consumed: bool = Field(description="Whether a live worker consumes its queue.")
    links: TaskLinks = Field(description="Where to go on.")


class CountsOut(Wire):
    """The overview in numbers."""

    tasks: int = Field(description="Tasks there are.")
    healthy: int = Field(description="Tasks that nothing is wrong with.")
    warning: int = Field(description="Tasks that somebody should look at.")
    critical: int = Field(description="Tasks that are kept from their work.")
    paused: int = Field(description="Tasks whose schedules are held back now, whatever else is said of them.")
    workers: int = Field(description="Live workers.")
    slots: int = Field(description="Runs that they can execute at once.")
    waiting: int = Field(description="Runs that are not started yet.")
    running: int = Field(description="Runs that a worker runs now.")


class StatusOut(Wire):
    """How all tasks do."""

    verdict: str = Field(description="The worst finding's severity: healthy, warning or critical.")
    sentence: str = Field(description="The verdict for people.")
    at: datetime = Field(description="The moment that this describes.")
    site_time_zone: str = Field(description="The zone in which the people live; all times are UTC.")
    counts: CountsOut = Field(description="The overview in numbers.")
    findings: list[FindingOut] = Field(description="What is wrong, the worst first, causes before what they cause.")
    tasks: list[TaskStatusOut] = Field(description="The tasks by category and name.")


def status(overview: Overview, verdict: Verdict, links: Links) -> StatusOut:
    """Return the overview on the wire."""
    return StatusOut(
        verdict=verdict.severity.word,
        sentence=verdict.sentence,
        at=overview.at,
        site_time_zone=overview.site_time_zone,
        counts=_counts(overview, verdict),
        findings=[
            FindingOut.model_validate(vars(finding) | {"severity": finding.severity.word})
            for finding in verdict.findings
        ],
        tasks=[_task(task, verdict.severity_of(task.name), links) for task in overview.tasks],
    )


def _task(task: TaskStatus, severity: Severity, links: Links) -> TaskStatusOut:
    return TaskStatusOut.model_validate(vars(task) | {"verdict": severity.word, "links": task_links(task.name, links)})


def _counts(overview: Overview, verdict: Verdict) -> CountsOut:
    severities = [verdict.severity_of(task.name) for task in overview.tasks]
    return CountsOut(
        tasks=len(overview.tasks),
        healthy=severities.count(Severity.HEALTHY),
        warning=severities.count(Severity.WARNING),
        critical=severities.count(Severity.CRITICAL),
        paused=sum(task.paused for task in overview.tasks),
        workers=overview.workers,
        slots=overview.slots,
        waiting=sum(task.waiting for task in overview.tasks),
        running=sum(task.running for task in overview.tasks),
    )
