"""The latest runs of every task, in one query that reads no more rows than it returns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any

from django.db import connections

from runbell.domain.states import State
from runbell.models import Run
from runbell.queries.task_rows import LastRun, Mark

OUTCOMES = 20
"""How many of the latest runs an overview shows of each task."""

_COLUMNS = (
    "task_id", "state", "explanation", "requested_at", "started_at", "finished_at", "worker", "processed", "failed",
)  # fmt: skip
_TIMES = slice(4, 7)
_TABLE = Run._meta.db_table
_NEWEST = (
    f"FROM {_TABLE} WHERE task_name = tasks.name AND NOT dry_run ORDER BY requested_at DESC, id DESC LIMIT {OUTCOMES}"
)
_JOIN = {
    "postgresql": f"CROSS JOIN LATERAL (SELECT id, {', '.join(_COLUMNS)} {_NEWEST}) r",
    "sqlite": f"JOIN {_TABLE} r ON r.id IN (SELECT id {_NEWEST})",
}
"""SQLite has no lateral join; it looks the listed keys up one by one, which PostgreSQL would not."""


@dataclass(frozen=True)
class Latest:
    """The latest runs of one task."""

    last_run: LastRun | None
    outcomes: tuple[Mark, ...]

    @property
    def typical_seconds(self) -> float | None:
        """Median duration of those that succeeded."""
        good = [
            mark.seconds_ran for mark in self.outcomes if mark.state == State.SUCCESS and mark.seconds_ran is not None
        ]
        return median(good) if good else None


def latest_runs(task_names: Sequence[str], now: datetime) -> dict[str, Latest]:
    """Return the latest runs of each task that has any, rehearsals left out; one query."""
    rows: dict[str, list[tuple[Any, ...]]] = {}
    for name, *row in _rows(task_names):
        rows.setdefault(name, []).append(tuple(row))
    return {name: _latest(sorted(runs, key=_newest_first, reverse=True), now) for name, runs in rows.items()}


def _rows(task_names: Sequence[str]) -> Iterable[Sequence[Any]]:
    connection = connections[Run.objects.db]
    if not task_names:
        return []
    names = ", ".join(["(%s)"] * len(task_names))
    columns = ", ".join(f"r.{column}" for column in ("id", *_COLUMNS))
    sql = f"WITH tasks(name) AS (VALUES {names}) SELECT tasks.name, {columns} FROM tasks {_JOIN[connection.vendor]}"  # noqa: S608 (constants)
    with connection.cursor() as cursor:
        cursor.execute(sql, list(task_names))
        rows: list[Sequence[Any]] = cursor.fetchall()
    return rows


def _newest_first(row: tuple[Any, ...]) -> tuple[Any, Any]:
    return row[4], row[0]


def _latest(rows: list[tuple[Any, ...]], now: datetime) -> Latest:
    marks = tuple(_mark(row, now) for row in rows)
    shown = next((row for row in rows if row[2] != State.SKIPPED), rows[0])
    return Latest(_last_run(shown, now), marks)


def _mark(row: tuple[Any, ...], now: datetime) -> Mark:
    requested_at, started_at, finished_at = map(_time, row[_TIMES])
    assert requested_at is not None
    return Mark(row[1], row[2], requested_at, _seconds(started_at, finished_at, now))


def _last_run(row: tuple[Any, ...], now: datetime) -> LastRun:
    _, run_id, state, explanation, *times, worker, processed, failed = row
    requested_at, started_at, finished_at = map(_time, times)
    assert requested_at is not None
    return LastRun(
        id=run_id,
        state=state,
        explanation=explanation,
        requested_at=requested_at,
        started_at=started_at,
        finished_at=finished_at,
        seconds_ran=_seconds(started_at, finished_at, now),
        worker=worker,
        processed=processed,
        failed=failed,
    )


def _seconds(started_at: datetime | None, finished_at: datetime | None, now: datetime) -> float | None:
    return max(0.0, ((finished_at or now) - started_at).total_seconds()) if started_at else None


def _time(value: Any) -> datetime | None:
    """Return a time as the database gave it; SQLite keeps text in UTC."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    time: datetime | None = value
    return time
