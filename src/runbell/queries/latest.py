"""The latest runs of every task, read from an index that holds all that is shown of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections

from runbell.domain.states import WAITING, State
from runbell.models import Run
from runbell.queries.task_rows import LastRun, Mark

OUTCOMES = 20
"""How many of the latest runs an overview shows of each task."""

_TABLE = Run._meta.db_table
_NEWEST = (
    f"SELECT id, task_id, state, requested_at FROM {_TABLE} WHERE task_name = tasks.name AND NOT dry_run"  # noqa: S608 (constants)
    f" ORDER BY requested_at DESC, id DESC LIMIT {OUTCOMES}"
)
_LISTED = {
    "postgresql": "json_agg(concat_ws('|', state, requested_at, task_id) ORDER BY requested_at DESC, id DESC)",
    "sqlite": "json_group_array(state || '|' || requested_at || '+00:00|' || task_id)",
}
"""One text a run. SQLite lists them in the order in which they are read; it cannot be told one before version 3.44."""
_LAST_RUN_COLUMNS = (
    "task_id", "state", "explanation", "requested_at", "started_at", "finished_at", "worker", "processed", "failed",
)  # fmt: skip


@dataclass(frozen=True)
class Latest:
    """The latest runs of one task."""

    last_run: LastRun | None
    outcomes: tuple[Mark, ...]


def latest_runs(task_names: Sequence[str], now: datetime) -> dict[str, Latest]:
    """Return the latest runs of each task that has any, rehearsals left out; two queries."""
    marks = {name: _marks(listed) for name, listed in _listed(task_names)}
    shown = {name: _shown(newest) for name, newest in marks.items() if newest}
    last_runs = _last_runs(list(shown.values()), now)
    return {name: Latest(last_runs.get(run_id), marks[name]) for name, run_id in shown.items()}


def _listed(task_names: Sequence[str]) -> Iterable[tuple[str, Any]]:
    """Return the newest rows of each task as JSON: one row a task, so that its index is entered once."""
    connection = connections[Run.objects.db]
    if not task_names:
        return []
    names, listed = ", ".join(["(%s)"] * len(task_names)), _LISTED[connection.vendor]
    sql = f"WITH tasks(name) AS (VALUES {names}) SELECT name, (SELECT {listed} FROM ({_NEWEST}) newest) FROM tasks"  # noqa: S608 (constants)
    with connection.cursor() as cursor:
        cursor.execute(sql, list(task_names))
        rows: list[tuple[str, Any]] = cursor.fetchall()
    return rows


def _marks(listed: Any) -> tuple[Mark, ...]:
    return tuple(_mark(text) for text in (json.loads(listed) if isinstance(listed, str) else listed or ()))


def _mark(text: str) -> Mark:
    """Both databases write a time as ``2026-11-23 21:07:41.5+00``, with or without minutes of offset; always in UTC."""
    state, requested_at, run_id = text.split("|", 2)
    return Mark(run_id, state, f"{requested_at[:10]}T{requested_at[11:].partition('+')[0]}Z")


def _shown(marks: tuple[Mark, ...]) -> str:
    return next((mark.id for mark in marks if mark.state != State.SKIPPED), marks[0].id)


def _last_runs(run_ids: list[str], now: datetime) -> dict[str, LastRun]:
    rows = Run.objects.filter(task_id__in=run_ids).values_list(*_LAST_RUN_COLUMNS)
    return {row[0]: _last_run(row, now) for row in rows}


def _last_run(row: tuple[Any, ...], now: datetime) -> LastRun:
    run_id, state, explanation, requested_at, started_at, finished_at, worker, processed, failed = row
    waits = started_at is None or state in WAITING
    return LastRun(
        id=run_id,
        state=state,
        explanation=explanation,
        requested_at=requested_at,
        started_at=started_at,
        finished_at=finished_at,
        seconds_ran=None if waits else max(0.0, ((finished_at or now) - started_at).total_seconds()),
        worker=worker,
        processed=processed,
        failed=failed,
    )
