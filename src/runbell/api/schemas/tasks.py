"""Wire types of tasks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from runbell.api.links import Links
from runbell.api.schemas.common import Wire
from runbell.api.schemas.pauses import PauseOut
from runbell.queries.occurrences import LISTED, MAX_LISTED
from runbell.queries.tasks import TaskDetail


class ScheduleOut(Wire):
    """One schedule of a task."""

    name: str = Field(description="Unique over all schedules.")
    kind: str = Field(description="cron or interval.")
    expression: str = Field(description="E.g. `0 * * * *`.")
    words: str = Field(description="The same in English.")
    time_zone: str = Field(description="The zone in which the expression is read.")
    fires: bool = Field(description="Whether Runbell fires it; false where `celery beat` does.")
    next_due_at: datetime = Field(description="The next moment that nobody has claimed.")
    last_due_at: datetime | None = Field(description="The moment claimed last.")


class TaskLinks(Wire):
    """Where to go on from a task."""

    self: str = Field(description="The task itself.")
    runs: str = Field(description="Its history.")


class TaskBase(Wire):
    """One task as it is declared, and when it is due."""

    name: str = Field(description="The one immutable name.")
    hyphenated_name: str = Field(description="The name as addresses and schedules spell it.")
    celery_name: str = Field(description="The full Celery path.")
    title: str = Field(description="The title for people.")
    category: str = Field(description="What it is listed under.")
    description: str = Field(description="What it does.")
    queue: str = Field(description="The queue its messages go to.")
    source: str = Field(description="declared, or celery for a plain Celery task.")
    overlap: str = Field(description="What happens to a second run: allow, skip, queue or cancel_running.")
    rehearsal: bool = Field(description="Whether it has a dry run.")
    permission: str = Field(description="A permission that triggering it needs beside the general one, or empty.")
    expires_seconds: float | None = Field(description="How long a run may wait to be started; null for ever.")
    catch_up_seconds: float = Field(description="How late an occurrence may be and still be run.")
    schedules: list[ScheduleOut] = Field(description="When it falls due; empty for manual only.")
    next_due_at: datetime | None = Field(
        description="When it falls due next; while it is paused, the first moment that waits for the end of the pause."
    )
    paused: bool = Field(description="Whether its schedules are held back now.")
    pause: PauseOut | None = Field(description="Who paused it, why and until when; null while it is not.")


class TaskOut(TaskBase):
    """One task of the catalogue."""

    counts_backlog: bool = Field(description="Whether it counts the work that waits for it.")
    params_schema: dict[str, Any] = Field(description="JSON Schema (2020-12) of its parameters.")
    links: TaskLinks = Field(description="Where to go on.")


class TaskList(Wire):
    """The catalogue."""

    site_time_zone: str = Field(description="The zone in which the people live; all times are UTC.")
    items: list[TaskOut] = Field(description="The tasks by category and name.")


class OccurrenceQuery(Schema):
    """How many occurrences to list."""

    limit: int | None = Field(default=None, description=f"From 1 to {MAX_LISTED}; {LISTED} if left out.")


class OccurrenceOut(Wire):
    """One moment at which a task is due."""

    at: datetime = Field(description="When, in UTC.")
    schedule_name: str = Field(description="The schedule that is due then.")


class OccurrenceList(Wire):
    """The next occurrences of a task, the earliest first."""

    items: list[OccurrenceOut] = Field(description="The occurrences of all its schedules together.")


def task(detail: TaskDetail, links: Links) -> TaskOut:
    """Return a task on the wire."""
    return TaskOut.model_validate(vars(detail) | {"links": task_links(detail.name, links)})


def task_links(name: str, links: Links) -> TaskLinks:
    """Return where to go on from a task."""
    return TaskLinks(self=links.task(name), runs=links.runs_of(name))
