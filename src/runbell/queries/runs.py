"""Reading the history of runs, and one run."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from runbell.domain.errors import InvalidFilter, RunNotFound
from runbell.domain.states import State
from runbell.models import AuditEntry, Run
from runbell.models.run import ASKED, Trigger, asked_text
from runbell.queries.names import require_task_name
from runbell.queries.pages import (
    Page,
    cursor_after,
    newest_first,
    require_limit,
    require_text,
    require_time,
)
from runbell.queries.run_rows import MAX_RETRIES, SUMMARY_COLUMNS, RunDetail, RunSummary, detail, summary

__all__ = ["RunDetail", "RunFilters", "RunSummary", "get_run", "list_runs", "require_run_id"]


@dataclass(frozen=True)
class RunFilters:
    """Which runs to list. What is empty or None filters nothing.

    Args:
        task: any spelling of a task's name.
        states: any of these.
        trigger: ``"manual"``, ``"schedule"``, ``"retry"`` or ``"celery"``.
        actor: who asked, e.g. ``"user:quality"``.
        since: asked for at this moment or later.
        until: asked for before this moment.
    """

    task: str | None = None
    states: tuple[str, ...] = ()
    trigger: str | None = None
    actor: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def list_runs(
    filters: RunFilters | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[RunSummary]:
    """Return a page of runs, newest first.

    Raises:
        InvalidFilter: if a filter, the cursor or the limit cannot be read.
    """
    filters, size = filters or RunFilters(), require_limit(limit)
    rows = _merged(_by_index(filters), cursor, size)
    return Page(tuple(summary(run) for run in rows[:size]), cursor_after(rows, "requested_at", size))


def get_run(run_id: str) -> RunDetail:
    """Return everything about one run but its events and log lines.

    Raises:
        RunNotFound: no run has that id.
    """
    run = find_row(run_id)
    retries = run.retries.order_by("-id").values_list("task_id", flat=True)[:MAX_RETRIES]
    asked = AuditEntry.objects.filter(task_id=run_id).order_by("id").first() if run.trigger != Trigger.CELERY else None
    return detail(run, list(retries), asked)


def find_row(run_id: str) -> Run:
    """Return the row of a run.

    Raises:
        RunNotFound: no run has that id.
    """
    try:
        return Run.objects.select_related("retry_of").get(task_id=require_run_id(run_id))
    except Run.DoesNotExist as error:
        raise RunNotFound(run_id) from error


def require_run_id(run_id: str) -> str:
    """Return ``run_id`` if any run could have it.

    Raises:
        RunNotFound: if a database cannot even compare with it.
    """
    try:
        return require_text("id", run_id)
    except InvalidFilter as error:
        raise RunNotFound(run_id) from error


def _by_index(filters: RunFilters) -> list[QuerySet[Run]]:
    """Return the runs in parts each of which an index has in order.

    A rare state is not looked for among all the others, nor what an actor seldom did among all that he did.
    """
    parts, states = _asked(_of_time(filters), filters), _states(filters.states)
    return [part.filter(state=state) for part in parts for state in states] if states else parts


def _of_time(filters: RunFilters) -> QuerySet[Run]:
    return _where(
        Run.objects.only(*SUMMARY_COLUMNS),
        requested_at__gte=require_time("from", filters.since),
        requested_at__lt=require_time("to", filters.until),
    )


def _asked(runs: QuerySet[Run], filters: RunFilters) -> list[QuerySet[Run]]:
    """Narrow runs by task, trigger and actor, in one part for each trigger where the actor's index needs to know it."""
    task = require_task_name(filters.task) if filters.task else None
    trigger = _trigger(filters.trigger) if filters.trigger else None
    actor = require_text("actor", filters.actor) if filters.actor else None
    if task or not actor:
        return [_where(runs, task_name=task, trigger=trigger, actor=actor)]
    texts = [asked_text(each, actor) for each in ([trigger] if trigger else Trigger.values)]
    return [runs.alias(asked=ASKED).filter(asked=text) for text in texts]


def _where(runs: QuerySet[Run], **conditions: Any) -> QuerySet[Run]:
    return runs.filter(**{name: value for name, value in conditions.items() if value is not None})


def _merged(parts: list[QuerySet[Run]], cursor: str | None, limit: int) -> list[Run]:
    pages = [newest_first(part, "requested_at", cursor, limit) for part in parts]
    merged = heapq.merge(*pages, key=lambda run: (run.requested_at, run.pk), reverse=True)
    return list(islice(merged, limit + 1))


def _states(names: tuple[str, ...]) -> list[str]:
    known = {state.value for state in State}
    wanted = dict.fromkeys(name.upper() for name in names)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise InvalidFilter("state", f"{unknown[0][:40]} is none of {', '.join(sorted(known))}")
    return [] if len(wanted) == len(known) else list(wanted)


def _trigger(name: str) -> str:
    if name not in Trigger.values:
        raise InvalidFilter("trigger", f"{name[:40]} is none of {', '.join(Trigger.values)}")
    return name
