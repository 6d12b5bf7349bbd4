"""What pauses do to the ticker: whose schedules it leaves alone, and which moments it must not fire any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from runbell.actions.resume import end_those_over
from runbell.catalog import catalog
from runbell.domain.catch_up import Due
from runbell.domain.pauses import Scope, Span, sort_out
from runbell.domain.tasks import TaskDefinition
from runbell.ledger import pauses
from runbell.ledger.rows import Pause


@dataclass(frozen=True)
class Held:
    """The pauses as one tick sees them.

    Args:
        names: tasks whose schedules must not fire now.
        over: pauses that ended and whose moments may not be accounted for yet.
        active: pauses that go on.
    """

    names: frozenset[str]
    over: Sequence[Span]
    active: Sequence[Span] = ()

    def for_good(self) -> Held:
        """Return the same for a schedule that will not be there any more when the active pauses end."""
        return Held(frozenset(), (*self.over, *self.active))

    def sort_out(self, task: TaskDefinition, due: Due) -> tuple[Due, dict[datetime, str]]:
        """Return what is left to do for a schedule, and the moments to skip, each with the pause that took it."""
        spans = [span for span in self.over if span.target.covers(task.name, task.category)]
        left, taken = sort_out(due, spans) if spans else (due, {})
        more = f"; at least {due.unlisted} earlier moments are not listed" if due.unlisted else ""
        return left, {moment: span.in_words() + more for moment, span in taken.items()}


def hold_back(now: datetime) -> Held:
    """Return what is held back now; write down what ended, and forget what is accounted for.

    One query while nothing is paused. A schedule that is held back keeps the moment at which it is due, so that nothing
    is forgotten whenever and however the pause ends.
    """
    rows = pauses.all_pauses()
    if not rows:
        return Held(frozenset(), ())
    end_those_over(now)
    spans = {row.pk: pauses.span_of(row) for row in rows}
    over = [row for row in rows if spans[row.pk].is_over(now)]
    done = [row for row in over if row.ended_at is not None and _is_accounted_for(row, row.ended_at)]
    pauses.delete(done)
    active = [span for span in spans.values() if not span.is_over(now)]
    return Held(
        names=frozenset(task.name for task in catalog if any(_covers(span, task) for span in active)),
        over=tuple(spans[row.pk] for row in over if row not in done),
        active=active,
    )


def _covers(span: Span, task: TaskDefinition) -> bool:
    return span.target.covers(task.name, task.category)


def _is_accounted_for(row: Pause, ended_at: datetime) -> bool:
    target = pauses.target_of(row)
    tasks = [task.name for task in catalog if target.covers(task.name, task.category)]
    oldest = pauses.oldest_due(None if target.scope is Scope.ALL else tasks)
    return oldest is None or oldest >= ended_at
