"""The latest runs of every task, read from an index that holds all that is shown of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections

from runbell.domain.states import FINISHED, WAITING, State
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
    "postgresql": "json_agg(concat_ws('|', state, requested_at, task_id) ORDER BY requested_at DESC, id DESC)::text",
    "sqlite": "json_group_array(state || '|' || requested_at || '+00:00|' || task_id)",
}
"""One text a task of one text a run. SQLite lists them as they are read; it cannot be told how before version 3.44."""
_LAST_RUN_COLUMNS = (
    "task_id", "state", "explanation", "requested_at", "started_at", "finished_at", "worker", "processed", "failed",
)  # fmt: skip


@dataclass(frozen=True)
class Latest:
    """The latest runs of one task."""

    last_run: LastRun | None
    outcomes: tuple[Mark, ...]


def latest_runs(task_names: Sequence[str], now: datetime) -> dict[str, Latest]:
    """Return the latest runs of each task that has any, rehearsals left out; two queries, or one."""
    global _known  # noqa: PLW0603 (one value for the process, replaced whole)
    known, listed = _known, {name: text for name, text in _listed(task_names) if text}
    marks = {name: known.marks_of(name, text) or _marks(text) for name, text in listed.items()}
    shown = {name: _shown(newest) for name, newest in marks.items() if newest}
    over = known.over(shown.values())
    last_runs = over | _last_runs([mark.id for mark in shown.values() if mark.id not in over], now)
    _known = _Known(listed, marks, last_runs)
    return {name: Latest(last_runs.get(mark.id), marks[name]) for name, mark in shown.items()}


@dataclass(frozen=True)
class _Known:
    """What was read the last time: of hundreds of tasks few had a run since.

    Args:
        listed: the marks of each task as the database said them.
        marks: what that means.
        last_runs: by id.
    """

    listed: Mapping[str, str]
    marks: Mapping[str, tuple[Mark, ...]]
    last_runs: Mapping[str, LastRun]

    def marks_of(self, name: str, text: str) -> tuple[Mark, ...]:
        """Return the marks of a task if the database says the same of it as then; none otherwise."""
        return self.marks[name] if self.listed.get(name) == text else ()

    def over(self, shown: Iterable[Mark]) -> dict[str, LastRun]:
        """Return those of the runs that were over then, by id: of them nothing changes any more."""
        there = ((mark, self.last_runs.get(mark.id)) for mark in shown)
        return {mark.id: run for mark, run in there if run and run.state == mark.state and State(run.state) in FINISHED}


_known = _Known({}, {}, {})


def forget() -> None:
    """Read everything anew the next time."""
    global _known  # noqa: PLW0603 (as above)
    _known = _Known({}, {}, {})


def _listed(task_names: Sequence[str]) -> Iterable[tuple[str, str | None]]:
    """Return the newest rows of each task as JSON: one row a task, so that its index is entered once."""
    connection = connections[Run.objects.db]
    if not task_names:
        return []
    names, listed = ", ".join(["(%s)"] * len(task_names)), _LISTED[connection.vendor]
    sql = f"WITH tasks(name) AS (VALUES {names}) SELECT name, (SELECT {listed} FROM ({_NEWEST}) newest) FROM tasks"  # noqa: S608 (constants)
    with connection.cursor() as cursor:
        cursor.execute(sql, list(task_names))
        rows: list[tuple[str, str | None]] = cursor.fetchall()
    return rows


def _marks(listed: str) -> tuple[Mark, ...]:
    return tuple(_mark(text) for text in json.loads(listed))


def _mark(text: str) -> Mark:
    """Both databases write a time as ``2026-11-23 21:07:41.5+00``, with or without minutes of offset; always in UTC."""
    state, requested_at, run_id = text.split("|", 2)
    return Mark(run_id, state, f"{requested_at[:10]}T{requested_at[11:].partition('+')[0]}Z")


def _shown(marks: tuple[Mark, ...]) -> Mark:
    return next((mark for mark in marks if mark.state != State.SKIPPED), marks[0])


def _last_runs(run_ids: list[str], now: datetime) -> dict[str, LastRun]:
    if not run_ids:
        return {}
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
