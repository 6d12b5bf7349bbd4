"""The one place of a task whose runs must not overlap, and the line of runs that wait for it.

The place is the unique ``overlap_key``: whoever has it is the only run that is published. A place that is free goes to
the first in line by compare-and-swap, so that of several who hand it on at once one does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from runbell.domain.states import Fact, State
from runbell.models import Event, Run


@dataclass(frozen=True)
class Line:
    """The line before one task's place.

    Args:
        holder: id of the run that has the place, or "".
        length: how many wait.
    """

    holder: str
    length: int

    def in_words(self) -> str:
        """Return what somebody who joins the line waits for, "" if nothing."""
        before = f", and {self.length} wait before it" if self.length else ""
        return f"it waits for its turn: run {self.holder} must end first{before}" if self.holder else ""


def line_of(task_name: str) -> Line:
    """Return the line of a task."""
    holder = Run.objects.filter(overlap_key=task_name).values_list("task_id", flat=True).first()
    return Line(holder or "", Run.objects.filter(in_line=task_name).count())


def lines(limit: int) -> dict[str, bool]:
    """Return the tasks for whose place runs wait, each with whether the place is free; one query."""
    holder = Run.objects.filter(overlap_key=OuterRef("in_line"))
    waiting = Run.objects.filter(in_line__isnull=False).order_by("in_line").values("in_line").distinct()
    return {str(row["in_line"]): row["free"] for row in waiting.annotate(free=~Exists(holder))[:limit]}


def contenders(task_name: str, limit: int) -> list[Run]:
    """Return the runs that want a task's place and the one that has it, the newest first."""
    return list(Run.objects.filter(Q(in_line=task_name) | Q(overlap_key=task_name)).order_by("-id")[:limit])


def hand_on(task_name: str, now: datetime, publish_after: datetime) -> Run | None:
    """Give a task's place to the first in line; return who got it, None if it is not free or nobody waits.

    The run may be published from then on; a relay does it at ``publish_after`` if nobody has by then.
    """
    first = _waiting(task_name, now).order_by("id").first()
    if first is None or Run.objects.filter(overlap_key=task_name).exists():
        return None
    try:
        with transaction.atomic():
            taken = _waiting(task_name, now).filter(pk=first.pk)
            if not taken.update(overlap_key=task_name, in_line=None, publish_after=publish_after, explanation=""):
                return None
            Event.objects.create(run=first, kind=Fact.RELEASED.value, at=now, detail="its turn has come")
    except IntegrityError:
        return None
    return first


def waited_for(run: Run) -> str:
    """Return in words whose end a run waits for in line, "" if it waits in none."""
    if not run.in_line:
        return ""
    holder = line_of(run.in_line).holder
    return f"still waiting for run {holder} of the same task to end" if holder else "still waiting for its turn"


def _waiting(task_name: str, now: datetime) -> QuerySet[Run]:
    in_time = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    return Run.objects.filter(in_time, in_line=task_name, state=State.ACCEPTED.value)
