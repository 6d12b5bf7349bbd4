"""End a pause, and choose what becomes of the moments that fell due meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from runbell.catalog import catalog
from runbell.domain.actors import Actor, Permission, system_actor
from runbell.domain.errors import NotPaused, NotPossible
from runbell.domain.pauses import EVERYTHING, Missed, Scope, Target
from runbell.ledger import audit, clock, pauses
from runbell.ledger.rows import Pause

OUTCOMES = {
    Missed.SKIP: "what fell due meanwhile is skipped, with the pause's reason",
    Missed.CATCH_UP: "what fell due meanwhile is caught up as far as its catch-up window reaches, the rest is skipped",
}


@dataclass(frozen=True)
class Resumed:
    """What a resumption did.

    Args:
        scope, target: what was paused.
        since, ended_at: from when to when.
        missed: ``"skip"`` or ``"catch_up"``. The ticker acts on it within a tick.
        message: the same for people.
    """

    scope: str
    target: str
    since: datetime
    ended_at: datetime
    missed: str
    message: str


def resume_task(spelling: str, *, actor: Actor, missed: Missed = Missed.SKIP) -> Resumed:
    """End the pause of one task.

    Raises:
        PermissionDenied: if the actor may not.
        UnknownTask, AmbiguousTask: if the spelling does not mean one task.
        NotPaused: if it is not paused.
        NotPossible: if it is paused with its category or with all tasks only; that pause must be ended.
    """
    actor.require(Permission.PAUSE)
    task = catalog.resolve(spelling)
    try:
        return _resume(Target(Scope.TASK, task.name), actor, missed)
    except NotPaused:
        for wider in (Target(Scope.CATEGORY, task.category), EVERYTHING):
            if _active(wider, clock.now()):
                raise NotPossible(f"{task.name} is paused with {wider.in_words()}: end that pause") from None
        raise


def resume_many(category: str | None, *, actor: Actor, missed: Missed = Missed.SKIP) -> Resumed:
    """End the pause of a category, or of all tasks (None). Pauses of single tasks stay.

    Raises:
        PermissionDenied: if the actor may not.
        NotPaused: if there is no such pause.
    """
    actor.require(Permission.PAUSE)
    return _resume(Target(Scope.CATEGORY, category) if category is not None else EVERYTHING, actor, missed)


def end_those_over(now: datetime) -> None:
    """Write down the end of each pause that reached it; what fell due meanwhile is skipped."""
    for row in pauses.all_pauses():
        if row.ended_at is None and row.until is not None and row.until <= now:
            _end(row, row.until, system_actor("ticker"), Missed.SKIP)


def _resume(target: Target, actor: Actor, missed: Missed) -> Resumed:
    now = clock.now()
    row = _active(target, now)
    if row is None or not _end(row, now, actor, missed):
        raise NotPaused(target.in_words())
    return Resumed(
        scope=row.scope,
        target=row.target,
        since=row.since,
        ended_at=now,
        missed=missed.value,
        message=f"Resumed: {target.in_words()}; {OUTCOMES[missed]}.",
    )


def _active(target: Target, now: datetime) -> Pause | None:
    row = pauses.find(target)
    return row if row is not None and (row.until is None or row.until > now) else None


def _end(row: Pause, at: datetime, actor: Actor, missed: Missed) -> bool:
    target = pauses.target_of(row)
    with transaction.atomic():
        if not pauses.end(row, at, missed):
            return False
        fields = {
            "task_name": target.name if target.scope is Scope.TASK else "",
            "scope": row.scope,
            "target": row.target,
            "reason": row.reason,
            "since": row.since.isoformat(),
            "until": row.until.isoformat() if row.until else None,
            "ended_at": at.isoformat(),
            "missed": missed.value,
        }
        audit.append("TASK_RESUMED", actor, f"Resumed: {target.in_words()}", fields, at=clock.now())
    return True
