"""What is paused now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from runbell.domain.memory import ShortMemory
from runbell.domain.pauses import Scope, Target
from runbell.domain.tasks import TaskDefinition
from runbell.models import Pause

REMEMBERED = 1.0
"""Seconds."""
MAX_PAUSES = 1000
"""How many are listed: there is at most one for each task, each category, and all."""


@dataclass(frozen=True)
class PauseInfo:
    """One pause.

    Args:
        scope: ``"task"``, ``"category"`` or ``"all"``.
        target: the task's name or the category; "" for all.
        reason: why, in the words of who paused.
        actor, actor_name: who did.
        since, until: from when to when; None if somebody must end it.
    """

    scope: str
    target: str
    reason: str
    actor: str
    actor_name: str
    since: datetime
    until: datetime | None


class Pauses:
    """The pauses of one moment, by what they hold back."""

    def __init__(self, infos: Iterable[PauseInfo]) -> None:
        self._by_target = {Target(Scope(info.scope), info.target): info for info in infos}

    def of(self, task: TaskDefinition) -> PauseInfo | None:
        """Return what holds a task back, its own pause first; None for a task that Runbell does not fire at all."""
        if not self._by_target or not any(schedule.fires for schedule in task.schedules):
            return None
        targets = (Target(Scope.TASK, task.name), Target(Scope.CATEGORY, task.category), Target(Scope.ALL))
        return next((self._by_target[target] for target in targets if target in self._by_target), None)


_lately: ShortMemory[str, Pauses] = ShortMemory(1)


def pauses_now(now: datetime) -> Pauses:
    """Return the pauses of this moment; one query."""
    return Pauses(_infos(now))


def is_paused(task: TaskDefinition) -> bool:
    """Return whether a task is paused, as of a second ago: for answers that must be quick."""
    pauses = _lately.get("all")
    if pauses is None:
        pauses = pauses_now(timezone.now())
        _lately.keep("all", pauses, REMEMBERED)
    return pauses.of(task) is not None


def was_paused(task: TaskDefinition) -> bool | None:
    """Return whether a task is paused by what is remembered of a second ago; None where nothing is."""
    pauses = _lately.peek("all")
    return None if pauses is None else pauses.of(task) is not None


def forget() -> None:
    """Ask anew the next time."""
    _lately.forget("all")


def list_pauses() -> tuple[PauseInfo, ...]:
    """Return what is paused now, the latest first; one query."""
    return tuple(_infos(timezone.now()))


def _infos(now: datetime) -> list[PauseInfo]:
    names = ("scope", "target", "reason", "actor", "actor_name", "since", "until")
    active = Pause.objects.filter(Q(until__isnull=True) | Q(until__gt=now), ended_at__isnull=True)
    return [PauseInfo(*row) for row in active.order_by("-since", "-id").values_list(*names)[:MAX_PAUSES]]
