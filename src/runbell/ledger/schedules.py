"""Writing the memory of schedules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.db import connections, router
from django.db.models import QuerySet

from runbell.domain.tasks import ScheduleDefinition, TaskDefinition
from runbell.models import Schedule

Definitions = Iterable[tuple[TaskDefinition, ScheduleDefinition]]
PUT_RIGHT = timedelta(minutes=10)
"""By how much a clock is put back at most for what was fired before to count still; one that was wrong by more had
fired moments that are yet to come, and they must not silence a schedule for days.
"""


def sync(definitions: Definitions, now: datetime, *, settled: bool) -> bool:
    """Make the table say what the code says; return False if a row must be looked at again.

    A changed schedule falls due next after now: the past is never fired again. What fell due before under the old
    definition must have been settled first; unless ``settled`` says that it was, such a row is left as it is.
    """
    rows = {row.name: row for row in Schedule.objects.all()}
    done = True
    for task, definition in definitions:
        row, wanted = rows.pop(definition.name, None), _columns(task, definition)
        if row is None:
            first = definition.schedule.next_after(now)
            Schedule.objects.get_or_create(name=definition.name, defaults={"next_due_at": first, **wanted})
        elif _differs(row, wanted) or _is_off(row, definition, now):
            first = definition.schedule.next_after(now if _moves(row, wanted) else _known_past(row, now))
            done &= _change(row, wanted, first, now, settled=settled)
    for row in rows.values():
        if row.fires:
            done &= _change(row, {"fires": False}, None, now, settled=settled)
    return done


def outdated(definitions: Definitions, now: datetime) -> list[Schedule]:
    """Return the rows with unclaimed moments that the code gives up: it has another schedule by that name, or none."""
    wanted = {definition.name: _columns(task, definition) for task, definition in definitions}
    rows = Schedule.objects.filter(fires=True, next_due_at__lte=now)
    return [row for row in rows if row.name not in wanted or _moves(row, wanted[row.name])]


def due(now: datetime, limit: int, held: Collection[str] = ()) -> list[Schedule]:
    """Return schedules with a moment that nobody has claimed, most overdue first; none of the tasks ``held`` back."""
    schedules = Schedule.objects.filter(fires=True, next_due_at__lte=now)
    if held:
        schedules = schedules.exclude(task_name__in=held)
    return list(schedules.order_by("next_due_at")[:limit])


def advance(next_due_at: Mapping[str, datetime], schedules: Iterable[Schedule]) -> set[str]:
    """Claim for each schedule every moment before its ``next_due_at``; return the names of those that were claimed.

    A compare-and-swap: whoever was first has moved the schedule on, and the others get nothing. Call it in the
    transaction that writes the rows, before anything else.
    """
    rows = sorted(schedules, key=lambda row: row.name)
    if connections[router.db_for_write(Schedule)].vendor == "postgresql":
        return _advance_in_one_statement(next_due_at, rows)
    return {
        row.name for row in rows if _unmoved(row).update(next_due_at=next_due_at[row.name], last_due_at=row.next_due_at)
    }


_ADVANCE = f"""
    WITH wanted AS (
        SELECT * FROM unnest(%s::text[], %s::timestamptz[], %s::timestamptz[]) AS wanted (name, due_at, next_due_at)
    ), mine AS (
        SELECT schedule.name, wanted.due_at, wanted.next_due_at
        FROM {Schedule._meta.db_table} schedule JOIN wanted USING (name)
        WHERE schedule.next_due_at = wanted.due_at AND schedule.fires
        ORDER BY name FOR UPDATE OF schedule SKIP LOCKED
    )
    UPDATE {Schedule._meta.db_table} schedule SET next_due_at = mine.next_due_at, last_due_at = mine.due_at
    FROM mine WHERE schedule.name = mine.name RETURNING schedule.name
"""  # noqa: S608 (only names of tables of the models)


def _advance_in_one_statement(next_due_at: Mapping[str, datetime], rows: list[Schedule]) -> set[str]:
    """What another ticker holds locked is being fired by it: nobody waits."""
    names = [row.name for row in rows]
    with connections[router.db_for_write(Schedule)].cursor() as cursor:
        cursor.execute(_ADVANCE, [names, [row.next_due_at for row in rows], [next_due_at[name] for name in names]])
        return {name for (name,) in cursor.fetchall()}


def _unmoved(row: Schedule) -> QuerySet[Schedule]:
    return Schedule.objects.filter(name=row.name, next_due_at=row.next_due_at, fires=True)


def _change(row: Schedule, wanted: dict[str, object], first: datetime | None, now: datetime, *, settled: bool) -> bool:
    """Write the row anew unless a ticker has moved it on meanwhile; return whether it was written."""
    moves = first is None or _moves(row, wanted) or row.next_due_at > now
    if moves and row.fires and row.next_due_at <= now and not settled:
        return False
    if moves and first is not None:
        wanted = {**wanted, "next_due_at": first}
    return Schedule.objects.filter(name=row.name, next_due_at=row.next_due_at).update(**wanted) == 1


def _columns(task: TaskDefinition, definition: ScheduleDefinition) -> dict[str, object]:
    return {
        "task_name": task.name,
        "kind": definition.schedule.kind,
        "expression": definition.schedule.expression,
        "time_zone": definition.schedule.time_zone,
        "params": definition.params,
        "fires": definition.fires,
    }


def _differs(row: Schedule, wanted: dict[str, object]) -> bool:
    return any(getattr(row, name) != value for name, value in wanted.items())


def _moves(row: Schedule, wanted: dict[str, object]) -> bool:
    names = ("kind", "expression", "time_zone", "fires")
    return any(getattr(row, name) != wanted[name] for name in names)


def _is_off(row: Schedule, definition: ScheduleDefinition, now: datetime) -> bool:
    """Return whether the next moment is not what it would be now: a zone has new rules, or a clock had run ahead."""
    if not definition.fires or row.next_due_at <= now:
        return False
    return row.next_due_at != definition.schedule.next_after(_known_past(row, now))


def _known_past(row: Schedule, now: datetime) -> datetime:
    """Return up to when the moments of a schedule are accounted for; a clock put right by a little changes nothing."""
    if row.last_due_at is not None and now < row.last_due_at <= now + PUT_RIGHT:
        return row.last_due_at
    return now
