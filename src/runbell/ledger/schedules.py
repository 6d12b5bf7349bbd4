"""Writing the memory of schedules."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from runbell.domain.tasks import ScheduleDefinition, TaskDefinition
from runbell.models import Schedule


def sync(definitions: Iterable[tuple[TaskDefinition, ScheduleDefinition]], now: datetime) -> None:
    """Make the table say what the code says.

    A changed schedule falls due next after now: the past is never fired again.
    """
    rows = {row.name: row for row in Schedule.objects.all()}
    for task, definition in definitions:
        row = rows.pop(definition.name, None)
        wanted = _columns(task, definition)
        if row is None:
            first = definition.schedule.next_after(now)
            Schedule.objects.get_or_create(name=definition.name, defaults={"next_due_at": first, **wanted})
        elif any(getattr(row, name) != value for name, value in wanted.items()):
            if _moves(row, wanted):
                wanted["next_due_at"] = definition.schedule.next_after(now)
            Schedule.objects.filter(name=row.name).update(**wanted)
    if rows:
        Schedule.objects.filter(name__in=list(rows)).update(fires=False)


def due(now: datetime, limit: int, held: Collection[str] = ()) -> list[Schedule]:
    """Return schedules with a moment that nobody has claimed, most overdue first; none of the tasks ``held`` back."""
    schedules = Schedule.objects.filter(fires=True, next_due_at__lte=now)
    if held:
        schedules = schedules.exclude(task_name__in=held)
    return list(schedules.order_by("next_due_at")[:limit])


def advance(schedule: Schedule, next_due_at: datetime) -> bool:
    """Claim every moment before ``next_due_at``: compare-and-swap; False if another ticker was first."""
    rows = Schedule.objects.filter(name=schedule.name, next_due_at=schedule.next_due_at, fires=True).update(
        next_due_at=next_due_at, last_due_at=schedule.next_due_at
    )
    return rows == 1


def _columns(task: TaskDefinition, definition: ScheduleDefinition) -> dict[str, object]:
    return {
        "task_name": task.name,
        "kind": definition.schedule.kind,
        "expression": definition.schedule.expression,
        "time_zone": definition.schedule.time_zone,
        "params": definition.params,
        "fires": definition.fires,
    }


def _moves(row: Schedule, wanted: dict[str, object]) -> bool:
    names = ("kind", "expression", "time_zone", "fires")
    return any(getattr(row, name) != wanted[name] for name in names)
