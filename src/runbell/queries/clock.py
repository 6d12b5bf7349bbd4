"""Schedules in words, and when they are due. Computing either is slow, so both are remembered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from runbell.domain.schedules import Schedule
from runbell.domain.tasks import ScheduleDefinition, TaskDefinition
from runbell.models import Schedule as Schedules
from runbell.queries.task_rows import ScheduleInfo


class Memory(NamedTuple):
    """What the ticker keeps of one schedule."""

    next_due_at: datetime
    last_due_at: datetime | None


REMEMBERED = 4096
LOOK_AHEAD = 8
"""How many occurrences are looked at to find the longest pause."""


def schedule_rows() -> dict[str, Memory]:
    """Return the ticker's memory of all schedules by name; one query."""
    rows = Schedules.objects.values_list("name", "next_due_at", "last_due_at")
    return {name: Memory(next_due_at, last_due_at) for name, next_due_at, last_due_at in rows}


def schedule_infos(task: TaskDefinition, rows: Mapping[str, Memory], now: datetime) -> tuple[ScheduleInfo, ...]:
    """Return the schedules of a task with when they are due."""
    return tuple(_info(definition, rows.get(definition.name), now) for definition in task.schedules)


def earliest_due(schedules: tuple[ScheduleInfo, ...]) -> datetime | None:
    """Return the moment at which the first of them is due."""
    return min((schedule.next_due_at for schedule in schedules), default=None)


def longest_pause(task: TaskDefinition) -> float | None:
    """Return the seconds after which at the latest the task falls due again; None if it never does."""
    return min((_pause(definition.schedule) for definition in task.schedules), default=None)


def _info(definition: ScheduleDefinition, row: Memory | None, now: datetime) -> ScheduleInfo:
    schedule = definition.schedule
    kept = row is not None and definition.fires
    return ScheduleInfo(
        name=definition.name,
        kind=schedule.kind,
        expression=schedule.expression,
        words=_words(schedule),
        time_zone=schedule.time_zone,
        fires=definition.fires,
        next_due_at=row.next_due_at if row is not None and kept else _next_after(schedule, now.replace(microsecond=0)),
        last_due_at=row.last_due_at if row else None,
    )


@lru_cache(REMEMBERED)
def _words(schedule: Schedule) -> str:
    return schedule.in_words()


@lru_cache(REMEMBERED)
def _next_after(schedule: Schedule, moment: datetime) -> datetime:
    return schedule.next_after(moment)


@lru_cache(REMEMBERED)
def _pause(schedule: Schedule) -> float:
    moment = datetime.now(UTC)
    longest = timedelta(0)
    for _ in range(LOOK_AHEAD):
        following = schedule.next_after(moment)
        longest, moment = max(longest, following - moment), following
    return longest.total_seconds()
