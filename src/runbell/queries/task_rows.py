"""What is known of a task: from its declaration, from the ledger, from the workers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from runbell.queries.pauses import PauseInfo


@dataclass(frozen=True)
class ScheduleInfo:
    """One schedule of a task.

    Args:
        kind: ``"cron"`` or ``"interval"``.
        expression: e.g. ``"0 * * * *"``.
        words: the same in English.
        time_zone: in which the expression is read.
        fires: whether Runbell's ticker fires it; False where ``celery beat`` does.
        next_due_at: the next moment that nobody has claimed; in the past if nobody ticks.
        last_due_at: the moment claimed last, or None.
    """

    name: str
    kind: str
    expression: str
    words: str
    time_zone: str
    fires: bool
    next_due_at: datetime
    last_due_at: datetime | None


@dataclass(frozen=True)
class TaskInfo:
    """One task as it is declared, and when it is due. Durations are seconds, None for ever.

    Args:
        next_due_at: the next moment that nobody has claimed; while it is paused, the first that waits for the end.
        paused: whether its schedules are held back now.
        pause: who paused it, why and until when; None while it is not.
    """

    name: str
    hyphenated_name: str
    celery_name: str
    title: str
    category: str
    description: str
    queue: str
    source: str
    overlap: str
    rehearsal: bool
    permission: str
    expires_seconds: float | None
    catch_up_seconds: float
    schedules: tuple[ScheduleInfo, ...]
    next_due_at: datetime | None
    paused: bool
    pause: PauseInfo | None


@dataclass(frozen=True)
class TaskDetail(TaskInfo):
    """One task with the JSON Schema of its parameters, and whether it counts the work that waits for it."""

    params_schema: dict[str, Any]
    counts_backlog: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """One of the latest runs of a task, in brief: an overview holds thousands of them."""

    id: str
    state: str
    requested_at: str
    """In UTC, as text (RFC 3339): it is only passed on, and reading thousands of them takes as long as the query."""


@dataclass(frozen=True)
class LastRun:
    """The latest run of a task that was not skipped."""

    id: str
    state: str
    explanation: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    seconds_ran: float | None
    worker: str
    processed: int | None
    failed: int | None


@dataclass(frozen=True)
class Statistics:
    """What became of the runs of the last 24 hours, rehearsals left out.

    Args:
        counted_at: when they were counted, a few seconds ago at most.
        finished: how many of them are finished.
        states: how many of them are in each finished state, those with none left out.
        success_rate: ``SUCCESS`` among those that succeeded or should be looked at, 0 to 1; None if there are none.
    """

    counted_at: datetime
    finished: int
    states: Mapping[str, int]
    success_rate: float | None


@dataclass(frozen=True)
class BacklogInfo:
    """What a task's probe said last: work that waits whatever Celery says.

    Args:
        oldest_at: since when the oldest item waits, None if nothing does or it is not known.
        measured_at: when it was asked.
        error: why it could not say, or "".
    """

    count: int
    oldest_at: datetime | None
    measured_at: datetime
    error: str


@dataclass(frozen=True)
class TaskStatus(TaskInfo):
    """One task with everything that tells whether it does its work.

    Args:
        last_run: the latest run that was not skipped and no rehearsal, or None.
        outcomes: the latest runs, newest first, at most 20, rehearsals left out.
        period_seconds: the longest pause that its schedules leave; None without one.
        backlog: None if it has no probe or was never asked.
        waiting, running: runs that are not started yet, and that a worker runs now.
        oldest_waiting_at: when the oldest of those waiting was asked for; of those whose turn it is.
        accepted: runs that only the ledger has; ``oldest_accepted_at``: since when.
        registered: whether a live worker knows the task.
        queue_consumed: whether a live worker consumes its queue.
    """

    last_run: LastRun | None
    outcomes: tuple[Mark, ...]
    statistics: Statistics
    period_seconds: float | None
    backlog: BacklogInfo | None
    waiting: int
    running: int
    oldest_waiting_at: datetime | None
    accepted: int
    oldest_accepted_at: datetime | None
    registered: bool
    queue_consumed: bool


@dataclass(frozen=True)
class Overview:
    """Everything that tells whether the tasks do their work, at one moment.

    Args:
        at: that moment.
        site_time_zone: the zone in which the people live.
        workers, slots: live workers, and how many runs they can execute at once.
        tasks: by category and name.
    """

    at: datetime
    site_time_zone: str
    workers: int
    slots: int
    tasks: tuple[TaskStatus, ...]
