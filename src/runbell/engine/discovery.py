"""Filling the catalogue from what Celery knows."""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from celery import Celery
from celery.schedules import crontab, schedule

from runbell.catalog import catalog
from runbell.conf import settings
from runbell.domain.names import short_name
from runbell.domain.schedules import Cron, Interval, Schedule
from runbell.domain.tasks import ScheduleDefinition, Source, TaskDefinition
from runbell.engine.application import AnyTask, celery_app
from runbell.engine.declare import declarations
from runbell.engine.task import Task


def load() -> None:
    """Import the task modules and catalogue everything in them, then the entries of ``CELERY_BEAT_SCHEDULE``."""
    app = celery_app()
    with _without_checks():
        app.loader.import_default_modules()
    app.finalize()
    catalog.know_queues(_known_queues(app))
    for declaration in declarations:
        catalog.add(declaration)
    declared = {declaration.celery_name for declaration in declarations}
    for name, task in sorted(app.tasks.items()):
        if name not in declared and not name.startswith("celery."):
            catalog.add(_plain(app, name, task))
            if not isinstance(task, Task):
                catalog.note_unguarded(name)
    for entry, options in sorted((app.conf.beat_schedule or {}).items()):
        _add_beat_entry(app, entry, options)


def _known_queues(app: Celery) -> set[str]:
    """Return the queues that a route, a queue definition or the default names."""
    conf = app.conf
    names = {queue if isinstance(queue, str) else queue.name for queue in _configured(conf.task_queues)}
    names.add(conf.task_default_queue)
    routes = conf.task_routes if isinstance(conf.task_routes, list | tuple) else [conf.task_routes]
    for route in routes:
        if isinstance(route, dict):
            names |= {str(target.get("queue")) for target in route.values() if isinstance(target, dict)}
    return names - {"None"}


def _configured(queues: Any) -> Iterator[Any]:
    yield from queues.keys() if isinstance(queues, dict) else queues or ()


def _plain(app: Celery, name: str, task: AnyTask) -> TaskDefinition:
    route = app.amqp.router.route({}, name)
    return TaskDefinition(
        name=name,
        celery_name=name,
        title=short_name(name).replace("_", " ").capitalize(),
        description=" ".join((inspect.getdoc(task.run) or "").partition("\n\n")[0].split()),
        queue=str(task.__dict__.get("queue") or getattr(route.get("queue"), "name", app.conf.task_default_queue)),
        safe_to_repeat=bool(task.acks_late) and isinstance(task, Task),
        source=Source.CELERY,
    )


def _add_beat_entry(app: Celery, entry: str, options: dict[str, Any]) -> None:
    task = catalog.find_loaded(str(options.get("task")))
    if task is None:
        catalog.report(f"CELERY_BEAT_SCHEDULE[{entry!r}] names the task {options.get('task')!r}, which does not exist")
        return
    when = as_schedule(options.get("schedule"), str(app.conf.timezone or "UTC"))
    if when is None:
        catalog.report(f"CELERY_BEAT_SCHEDULE[{entry!r}] has a schedule that Runbell cannot compute; it is not shown")
        return
    definition = ScheduleDefinition(
        name=f"beat:{entry}",
        schedule=when,
        params=dict(options.get("kwargs") or {}),
        fires=settings().ADOPT_BEAT_SCHEDULE and not options.get("args"),
    )
    catalog.add(replace(task, schedules=(*task.schedules, definition)))


def as_schedule(value: Any, time_zone: str) -> Schedule | None:
    """Return what a schedule of Celery's means in Runbell's words; None for one that depends on the sun."""
    if isinstance(value, crontab):
        names = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")
        fields = (getattr(value, f"_orig_{name}") for name in names)
        return Cron(" ".join(str(field).replace(" ", "") for field in fields), time_zone)
    if isinstance(value, schedule):
        value = getattr(value, "run_every", None)
    if isinstance(value, timedelta):
        value = value.total_seconds()
    return Interval(float(value)) if isinstance(value, int | float) else None


@contextmanager
def _without_checks() -> Iterator[None]:
    """Keep Celery's Django fixup from running the system checks: Runbell's own would ask for the catalogue again."""
    before = os.environ.get("CELERY_SKIP_CHECKS")
    os.environ["CELERY_SKIP_CHECKS"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["CELERY_SKIP_CHECKS"]
        else:
            os.environ["CELERY_SKIP_CHECKS"] = before
