"""Turn every moment at which a schedule was due into a row."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from runbell.actions.hold_back import Held, hold_back
from runbell.actions.submit import submit
from runbell.actions.trigger import draft_for
from runbell.catalog import catalog
from runbell.domain.actors import system_actor
from runbell.domain.errors import Overlap
from runbell.domain.schedules import Due, parse_schedule, settle
from runbell.domain.states import State
from runbell.domain.tasks import TaskDefinition
from runbell.ledger import runs, schedules
from runbell.ledger.drafts import Draft
from runbell.ledger.rows import Schedule

logger = logging.getLogger(__name__)

GRACE = timedelta(seconds=60)
"""How late a moment may be noticed and still be fired, whatever the task says of catching up."""
MAX_SCHEDULES = 1000
"""How many schedules one tick fires; the rest follow in the next."""


def fire_due() -> int:
    """Fire what is due, each schedule in a transaction of its own; return how many runs were made."""
    fired, now = 0, timezone.now()
    held = hold_back(now)
    for schedule in schedules.due(now, MAX_SCHEDULES, held.names):
        task = catalog.find(schedule.task_name)
        if task is None:
            logger.error("schedule %s is due, but this process does not know its task", schedule.name)
            continue
        fired += _fire(schedule, task, held)
    return fired


def _fire(schedule: Schedule, task: TaskDefinition, held: Held) -> bool:
    now = timezone.now()
    due = settle(
        parse_schedule(schedule.kind, schedule.expression, schedule.time_zone),
        schedule.next_due_at,
        now,
        task.catch_up,
        GRACE,
    )
    due, paused = held.sort_out(task, due)
    with transaction.atomic():
        if not schedules.advance(schedule, due.next_due_at):
            return False
        for moment, why in paused.items():
            _close(_draft(schedule, task, moment), State.SKIPPED, why)
        _account_for(schedule, task, due, now)
        return due.fire is not None and _run(schedule, task, due.fire)


def _run(schedule: Schedule, task: TaskDefinition, due_at: datetime) -> bool:
    draft = _draft(schedule, task, due_at)
    try:
        submit(draft)
    except Overlap as overlap:
        _close(draft, State.SKIPPED, f"run {overlap.details['conflicting_run']} was still waiting or running")
        return False
    return True


def _account_for(schedule: Schedule, task: TaskDefinition, due: Due, now: datetime) -> None:
    noticed = f"noticed at {now:%Y-%m-%d %H:%M:%S} UTC, outside its catch-up window"
    more = f"; at least {due.unlisted} earlier moments are not listed" if due.unlisted else ""
    for moment in due.missed:
        _close(_draft(schedule, task, moment), State.MISSED, noticed + more)
    for moment in due.superseded:
        caught_up = f"caught up by the run due at {due.fire:%Y-%m-%d %H:%M:%S} UTC"
        _close(_draft(schedule, task, moment), State.SKIPPED, caught_up)


def _draft(schedule: Schedule, task: TaskDefinition, due_at: datetime) -> Draft:
    draft = draft_for(task, system_actor("ticker"), schedule.params, dry_run=False, reason="", trigger="schedule")
    return replace(draft, schedule_name=schedule.name, due_at=due_at)


def _close(draft: Draft, state: State, explanation: str) -> None:
    if not runs.occurrence_exists(draft.schedule_name, draft.due_at or draft.requested_at):
        runs.open_run(replace(draft, state=state, explanation=explanation, exclusive=False, publish_after=None))
