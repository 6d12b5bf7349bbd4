"""Writing pauses. Whoever ends one does so by compare-and-swap, so that each has one beginning and one end."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Min

from runbell.domain.actors import Actor
from runbell.domain.jsonable import clean_text
from runbell.domain.pauses import Missed, Scope, Span, Target
from runbell.models import Pause, Schedule


def put(target: Target, reason: str, until: datetime | None, actor: Actor, now: datetime) -> Pause:
    """Begin a pause, or give the one there is another reason and end; it goes on since when it began."""
    said = {"reason": reason, "until": until, "actor": actor.name, "actor_name": clean_text(actor.display_name, 255)}
    pause, _ = Pause.objects.update_or_create(
        scope=target.scope.value,
        target=target.name,
        ended_at=None,
        defaults=said,
        create_defaults=said | {"since": now},
    )
    return pause


def end(pause: Pause, at: datetime, missed: Missed) -> bool:
    """End a pause; return False if somebody else did."""
    return Pause.objects.filter(pk=pause.pk, ended_at=None).update(ended_at=at, missed=missed.value) == 1


def find(target: Target) -> Pause | None:
    """Return the pause of exactly that which nobody ended, or None."""
    return Pause.objects.filter(scope=target.scope.value, target=target.name, ended_at=None).first()


def all_pauses() -> list[Pause]:
    """Return every pause that holds something back or whose moments are not accounted for: one a target, and a few."""
    return list(Pause.objects.order_by("since", "id"))


def delete(pauses: Collection[Pause]) -> None:
    """Delete pauses whose moments are all accounted for."""
    Pause.objects.filter(pk__in=[pause.pk for pause in pauses]).delete()


def oldest_due(task_names: Collection[str] | None) -> datetime | None:
    """Return the oldest moment that nobody accounted for, of the schedules of these tasks or of all (None)."""
    schedules = Schedule.objects.filter(fires=True)
    if task_names is not None:
        schedules = schedules.filter(task_name__in=task_names)
    oldest: datetime | None = schedules.aggregate(oldest=Min("next_due_at"))["oldest"]
    return oldest


def target_of(pause: Pause) -> Target:
    """Return what a pause is about."""
    return Target(Scope(pause.scope), pause.target)


def span_of(pause: Pause) -> Span:
    """Return a pause as far as a moment may lie in it. One that reached its end is over, whoever writes it down."""
    return Span(target_of(pause), pause.reason, pause.since, pause.ended_at or pause.until, Missed(pause.missed))
