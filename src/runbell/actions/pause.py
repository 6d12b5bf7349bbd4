"""Hold tasks back: their schedules stop firing, and nothing that falls due meanwhile is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, datetime

from django.db import transaction

from runbell.actions.resume import end_those_over
from runbell.catalog import catalog
from runbell.domain.actors import Actor, Permission
from runbell.domain.errors import InvalidParams, NotPossible
from runbell.domain.jsonable import require_storable
from runbell.domain.pauses import EVERYTHING, Scope, Target
from runbell.domain.tasks import TaskDefinition
from runbell.ledger import audit, clock, pauses

MAX_REASON = 2000


@dataclass(frozen=True)
class Paused:
    """What a pause holds back.

    Args:
        scope, target: one task and its name, a category and its name, or all and "".
        since, until: from when to when; None if somebody must end it.
        tasks: names of the tasks whose schedules do not fire now because of it.
        message: the same for people.
    """

    scope: str
    target: str
    reason: str
    actor: str
    actor_name: str
    since: datetime
    until: datetime | None
    tasks: tuple[str, ...]
    message: str


def pause_task(spelling: str, *, actor: Actor, reason: str, until: datetime | None = None) -> Paused:
    """Hold one task back; one that is held back already gets the new reason and end.

    Raises:
        PermissionDenied: if the actor may not.
        UnknownTask, AmbiguousTask: if the spelling does not mean one task.
        InvalidParams: if the reason is empty, or the end is not in the future.
        NotPossible: if Runbell fires no schedule of the task, so that there is nothing to hold back.
    """
    actor.require(Permission.PAUSE)
    task = catalog.resolve(spelling)
    if not _fires(task):
        raise NotPossible(f"Runbell fires no schedule of {task.name}: there is nothing to hold back")
    return _pause(Target(Scope.TASK, task.name), actor, reason, until)


def pause_many(category: str | None, *, actor: Actor, reason: str, until: datetime | None = None) -> Paused:
    """Hold the tasks of a category back, or all of them (None).

    Raises:
        PermissionDenied: if the actor may not.
        InvalidParams: if there is no such category, the reason is empty, or the end is not in the future.
    """
    actor.require(Permission.PAUSE)
    return _pause(target_of_many(category), actor, reason, until)


def target_of_many(category: str | None) -> Target:
    """Return what a category, or None for all tasks, stands for.

    Raises:
        InvalidParams: if there is no such category.
    """
    if category is None:
        return EVERYTHING
    known = sorted({task.category for task in catalog})
    if category not in known:
        raise InvalidParams([{"field": "category", "message": f"is none of {', '.join(known)}"}])
    return Target(Scope.CATEGORY, category)


def _pause(target: Target, actor: Actor, reason: str, until: datetime | None) -> Paused:
    now = clock.now()
    _check(reason, until, now)
    end_those_over(now)
    with transaction.atomic():
        row = pauses.put(target, reason.strip(), until, actor, now)
        fields = {
            "task_name": target.name if target.scope is Scope.TASK else "",
            "scope": target.scope.value,
            "target": target.name,
            "reason": row.reason,
            "since": row.since.isoformat(),
            "until": until.isoformat() if until else None,
        }
        audit.append("TASK_PAUSED", actor, f"Paused: {target.in_words()}", fields, at=now)
    held = tuple(task.name for task in catalog if target.covers(task.name, task.category) and _fires(task))
    return Paused(
        scope=row.scope,
        target=row.target,
        reason=row.reason,
        actor=row.actor,
        actor_name=row.actor_name,
        since=row.since,
        until=row.until,
        tasks=held,
        message=_message(target, until),
    )


def _check(reason: str, until: datetime | None, now: datetime) -> None:
    require_storable("reason", reason)
    if not reason.strip() or len(reason) > MAX_REASON:
        raise InvalidParams([{"field": "reason", "message": f"must say why, in at most {MAX_REASON} characters"}])
    if until is not None and (until.tzinfo is None or until <= now or until.year == MAXYEAR):
        message = f"must be a time in the future, before the year {MAXYEAR}, with its offset"
        raise InvalidParams([{"field": "until", "message": message}])


def _fires(task: TaskDefinition) -> bool:
    return any(schedule.fires for schedule in task.schedules)


def _message(target: Target, until: datetime | None) -> str:
    end = f"until {until:%Y-%m-%d %H:%M %Z}" if until else "until somebody resumes"
    return f"Paused: {target.in_words()}, {end}. Schedules do not fire; a run that somebody asks for still runs."
