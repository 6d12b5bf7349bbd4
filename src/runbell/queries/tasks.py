"""The tasks: what is declared of them, and how each of them does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Min, Q
from django.utils import timezone
from pydantic import BaseModel

from runbell.catalog import catalog
from runbell.conf import settings
from runbell.domain.params import params_schema
from runbell.domain.states import WAITING, State
from runbell.domain.tasks import TaskDefinition
from runbell.models import BacklogSample, Run, Worker
from runbell.queries.clock import earliest_due, longest_pause, schedule_infos, schedule_rows
from runbell.queries.latest import Latest, latest_runs
from runbell.queries.pauses import Pauses, pauses_now
from runbell.queries.queues import consumers_by_queue
from runbell.queries.statistics import day_statistics
from runbell.queries.task_rows import BacklogInfo, Overview, Statistics, TaskDetail, TaskInfo, TaskStatus
from runbell.queries.workers import live_rows

__all__ = ["Overview", "TaskDetail", "TaskInfo", "TaskStatus", "get_task", "list_tasks", "overview"]

_NO_RUNS = Latest(None, ())


def overview() -> Overview:
    """Return how every task does; eight queries, however many tasks there are."""
    now, tasks = timezone.now(), list(catalog)
    names = [task.name for task in tasks]
    latest, statistics, schedules = latest_runs(names, now), day_statistics(names, now), schedule_rows()
    workers, backlogs, active = live_rows(now, ("name", "queues", "tasks", "slots")), _backlogs(), _active()
    nothing, paused = Statistics(now, 0, {}, None), pauses_now(now)
    registered, consumed = _registered(workers), consumers_by_queue(workers)
    statuses = tuple(
        TaskStatus(
            **_info_values(task, schedule_infos(task, schedules, now), paused),
            **vars(latest.get(task.name, _NO_RUNS)),
            **vars(active.get(task.name, _IDLE)),
            statistics=statistics.get(task.name, nothing),
            period_seconds=longest_pause(task),
            backlog=backlogs.get(task.name) if task.backlog else None,
            registered=task.celery_name in registered,
            queue_consumed=task.queue in consumed,
        )
        for task in tasks
    )
    return Overview(now, settings().SITE_TIME_ZONE, len(workers), sum(worker.slots for worker in workers), statuses)


def list_tasks() -> tuple[TaskDetail, ...]:
    """Return the catalogue by category and name; two queries."""
    now, rows = timezone.now(), schedule_rows()
    paused = pauses_now(now)
    return tuple(_detail(task, schedule_infos(task, rows, now), paused) for task in catalog)


def get_task(spelling: str) -> TaskDetail:
    """Return the task that any spelling of its name means; two queries.

    Raises:
        UnknownTask, AmbiguousTask: if the spelling does not mean one task.
    """
    task, now = catalog.resolve(spelling), timezone.now()
    return _detail(task, schedule_infos(task, schedule_rows(), now), pauses_now(now))


@dataclass(frozen=True)
class _Active:
    """The runs of one task that are not finished."""

    waiting: int = 0
    running: int = 0
    oldest_waiting_at: datetime | None = None
    accepted: int = 0
    oldest_accepted_at: datetime | None = None


_IDLE = _Active()
_Group = tuple[str, int, datetime]
_IN_LINE = ExpressionWrapper(Q(in_line__isnull=False), BooleanField())
_LINE = "in line"
"""Stands for the state of a run that waits for one before it, which is no fault of the broker or of a worker."""


def _active() -> dict[str, _Active]:
    """Group by queue first: that is the order of the index that holds none but active runs."""
    groups = (
        Run.objects.filter(finished_at__isnull=True).order_by().values_list("queue", "task_name", "state", _IN_LINE)
    )
    by_task: dict[str, list[_Group]] = {}
    for _, name, state, in_line, count, oldest in groups.annotate(count=Count("id"), oldest=Min("requested_at")):
        by_task.setdefault(name, []).append((_LINE if in_line else state, count, oldest))
    return {name: _sum(states) for name, states in by_task.items()}


def _sum(groups: list[_Group]) -> _Active:
    waiting, running, accepted = (
        [group for group in groups if group[0] in states] for states in (WAITING, {State.STARTED}, {State.ACCEPTED})
    )
    return _Active(
        waiting=sum(count for _, count, _ in waiting) + sum(count for state, count, _ in groups if state == _LINE),
        running=sum(count for _, count, _ in running),
        oldest_waiting_at=min((oldest for *_, oldest in waiting), default=None),
        accepted=sum(count for _, count, _ in accepted),
        oldest_accepted_at=min((oldest for *_, oldest in accepted), default=None),
    )


def _backlogs() -> dict[str, BacklogInfo]:
    return {
        name: BacklogInfo(count, oldest_at, measured_at, error)
        for name, count, oldest_at, measured_at, error in BacklogSample.objects.values_list(
            "task_name", "count", "oldest_at", "measured_at", "error"
        )
    }


def _registered(workers: Iterable[Worker]) -> set[str]:
    return {name for worker in workers for name in worker.tasks}


def _detail(task: TaskDefinition, schedules: Any, paused: Pauses) -> TaskDetail:
    values = _info_values(task, schedules, paused)
    return TaskDetail(**values, params_schema=_schema(task.params_model), counts_backlog=task.backlog is not None)


def _info_values(task: TaskDefinition, schedules: Any, paused: Pauses) -> dict[str, Any]:
    pause = paused.of(task)
    return {
        "name": task.name,
        "hyphenated_name": task.hyphenated_name,
        "celery_name": task.celery_name,
        "title": task.title,
        "category": task.category,
        "description": task.description,
        "queue": task.queue,
        "source": task.source.value,
        "overlap": task.overlap.value,
        "rehearsal": task.rehearsal,
        "permission": task.permission,
        "expires_seconds": task.expires.total_seconds() if task.expires else None,
        "catch_up_seconds": task.catch_up.total_seconds(),
        "schedules": schedules,
        "next_due_at": earliest_due(schedules),
        "paused": pause is not None,
        "pause": pause,
    }


@lru_cache(1024)
def _schema(model: type[BaseModel] | None) -> dict[str, Any]:
    return params_schema(model)
