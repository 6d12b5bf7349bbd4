"""System checks: what is wrong with the declarations is said when the process starts, not when a task is missed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004 (Django names it so)

from runbell.catalog import catalog
from runbell.conf import Settings, get_dispatcher, settings
from runbell.domain.schedules import InvalidSchedule

TAG = "runbell"


def check_settings(**_: Any) -> list[CheckMessage]:
    """E001: a setting that does not exist, or a dispatcher that cannot be imported."""
    try:
        settings()
        get_dispatcher()
    except (TypeError, ValueError, ImportError, AttributeError) as error:
        hint = f"Known settings: {', '.join(field.name for field in fields(Settings))}."
        return [Error(f"RUNBELL: {error}", hint=hint, id="runbell.E001")]
    return []


def check_catalog(**_: Any) -> list[CheckMessage]:
    """E002: two tasks with one name, or an entry of the beat schedule that names no task."""
    hint = "Rename one of the tasks, or correct the entry."
    return [Error(problem, hint=hint, id="runbell.E002") for problem in catalog.problems()]


def check_schedules(**_: Any) -> list[CheckMessage]:
    """E003: a cron expression, an interval or a time zone that cannot be computed."""
    return [
        Error(f"the schedule of {task.name}: {problem}", hint="See crontab(5) and the IANA names.", id="runbell.E003")
        for task, definition in catalog.schedules()
        for problem in _problems(definition.schedule.validate)
    ]


def check_queues(**_: Any) -> list[CheckMessage]:
    """E004: a task declared for a queue that no route and no queue definition knows."""
    known = catalog.queues()
    hint = f"Add it to CELERY_TASK_QUEUES or CELERY_TASK_ROUTES. Known queues: {', '.join(sorted(known))}."
    return [
        Error(
            f"{task.name} is declared for the queue {task.queue!r}, which no route knows", hint=hint, id="runbell.E004"
        )
        for task in catalog
        if task.queue not in known
    ]


def check_base_class(**_: Any) -> list[CheckMessage]:
    """W001: tasks without Runbell's base class, which run even when they were cancelled or delivered twice."""
    names = catalog.unguarded()
    if not names:
        return []
    hint = 'Make the application with Celery(..., task_cls="runbell.engine.task:Task").'
    return [Warning(f"these tasks are recorded but not guarded: {', '.join(names[:20])}", hint=hint, id="runbell.W001")]


def register_all() -> None:
    """Register the checks with Django."""
    for check in (check_settings, check_catalog, check_schedules, check_queues, check_base_class):
        register(check, TAG)


def _problems(validate: Callable[[], None]) -> Iterable[str]:
    try:
        validate()
    except InvalidSchedule as error:
        return [str(error)]
    return []
