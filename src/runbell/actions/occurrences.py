"""The rows that account for the moments at which a schedule was due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from runbell.actions.hold_back import Held
from runbell.actions.trigger import draft_for
from runbell.catalog import catalog
from runbell.conf import settings
from runbell.domain.actors import system_actor
from runbell.domain.catch_up import Due, settle
from runbell.domain.schedules import parse_schedule
from runbell.domain.silence import Span, why_missed
from runbell.domain.states import State
from runbell.domain.tasks import TaskDefinition
from runbell.ledger.drafts import Draft
from runbell.ledger.rows import Schedule

GRACE = timedelta(seconds=150)
"""How late a moment may be noticed and still be fired, whatever the task says of catching up: a deploy that stops
everything for two minutes shall miss nothing."""
_NOTHING_RUNS = timedelta(seconds=-1)


@dataclass(frozen=True)
class Firing:
    """A schedule with unclaimed moments, and the verdict on them.

    Args:
        schedule: its row as it was read.
        task: its task; made up from the row if the code no longer has it.
        due: what becomes of each moment.
        at: when the verdict was made, by the clock that tickers share.
        paused: moments that a pause took out of the verdict, each with the pause in words.
    """

    schedule: Schedule
    task: TaskDefinition
    due: Due
    at: datetime
    paused: Mapping[datetime, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows account for it."""
        return len(self.due.fire) + len(self.due.superseded) + len(self.due.missed) + len(self.paused)


def firing(schedule: Schedule, task: TaskDefinition, held: Held, now: datetime) -> Firing:
    """Return the verdict on every moment of a schedule up to now.

    Raises:
        InvalidSchedule: if the row holds one that cannot be computed.
    """
    when = parse_schedule(schedule.kind, schedule.expression, schedule.time_zone)
    due = settle(when, schedule.next_due_at, now, task.catch_up, GRACE, mode=task.catch_up_mode)
    left, paused = held.sort_out(task, due)
    return Firing(schedule, task, left, now, paused)


def farewell(schedule: Schedule, now: datetime) -> Firing:
    """Return the verdict on the last moments of a schedule that the code no longer has: none of them is run.

    Raises:
        InvalidSchedule: as above.
    """
    name = schedule.task_name
    task = catalog.find(name) or TaskDefinition(name=name, celery_name=name, title=name)
    when = parse_schedule(schedule.kind, schedule.expression, schedule.time_zone)
    return Firing(schedule, task, settle(when, schedule.next_due_at, now, _NOTHING_RUNS, _NOTHING_RUNS), now)


def drafts_of(firing: Firing, spans: Sequence[Span]) -> Iterator[Draft]:
    """Iterate over the rows that account for a verdict, oldest moment first."""
    due = firing.due
    more = f"; at least {due.unlisted} earlier moments are not listed" if due.unlisted else ""
    for moment in due.missed:
        why = why_missed(moment, spans, firing.at)
        yield _closed(firing, moment, State.MISSED, f"{why}; noticed outside its catch-up window{more}")
    for moment, why in firing.paused.items():
        yield _closed(firing, moment, State.SKIPPED, why)
    for moment in due.superseded:
        text = f"caught up by the run due at {due.fire[-1]:%Y-%m-%d %H:%M:%S} UTC"
        yield _closed(firing, moment, State.SKIPPED, text)
    for moment in due.fire:
        yield _draft(firing, moment)


def _draft(firing: Firing, due_at: datetime) -> Draft:
    params = firing.schedule.params
    draft = draft_for(firing.task, system_actor("ticker"), params, dry_run=False, reason="", trigger="schedule")
    return replace(
        draft,
        schedule_name=firing.schedule.name,
        due_at=due_at,
        requested_at=firing.at,
        publish_after=firing.at + timedelta(seconds=settings().RELAY_AFTER),
    )


def _closed(firing: Firing, due_at: datetime, state: State, why: str) -> Draft:
    return replace(_draft(firing, due_at), state=state, explanation=why, exclusive=False, publish_after=None)
