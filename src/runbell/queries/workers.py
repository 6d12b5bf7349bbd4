"""Which workers live, and what each of them does now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from runbell.conf import settings
from runbell.models import Run, Worker
from runbell.queries.names import title_of

MAX_WORKERS = 500


@dataclass(frozen=True)
class ActiveRun:
    """One run that occupies a slot of a worker; its name and times are None if the ledger does not know it."""

    id: str
    task_name: str | None
    task_title: str | None
    started_at: datetime | None
    seconds_ran: float | None


@dataclass(frozen=True)
class WorkerInfo:
    """One live worker, by its own last word.

    Args:
        instance: made anew at every start of the worker.
        pool: how it runs tasks, e.g. ``"prefork"``.
        slots: how many runs it can execute at once.
        queues: what it consumes.
        tasks: full Celery paths that are registered on it.
        active: what it does now.
        reserved: ids of runs that it took from the broker and that wait for a slot.
        clock_offset_ms: the database's clock minus the worker's.
        seconds_since_heartbeat: how old this word is.
    """

    instance: str
    name: str
    pid: int
    pool: str
    slots: int
    queues: tuple[str, ...]
    tasks: tuple[str, ...]
    active: tuple[ActiveRun, ...]
    reserved: tuple[str, ...]
    versions: dict[str, str]
    clock_offset_ms: int
    started_at: datetime
    heartbeat_at: datetime
    seconds_since_heartbeat: float


def live_workers() -> tuple[WorkerInfo, ...]:
    """Return the workers whose heartbeat is young and that did not stop, by name; two queries."""
    now = timezone.now()
    rows = live_rows(now)
    active = [run_id for row in rows for run_id in row.active]
    runs = {run.task_id: run for run in _started(active)} if active else {}
    return tuple(_info(row, runs, now) for row in rows)


def live_rows(now: datetime, columns: Sequence[str] = ()) -> list[Worker]:
    """Return the rows of live workers by name, with only the named columns if any are named."""
    young = now - timedelta(seconds=settings().WORKER_TIMEOUT)
    rows = Worker.objects.filter(heartbeat_at__gt=young, stopped_at__isnull=True).order_by("name", "instance")
    return list((rows.only(*columns) if columns else rows)[:MAX_WORKERS])


def _started(run_ids: list[str]) -> list[Run]:
    return list(Run.objects.filter(task_id__in=run_ids[:2000]).only("task_id", "task_name", "started_at"))


def _info(row: Worker, runs: dict[str, Run], now: datetime) -> WorkerInfo:
    return WorkerInfo(
        instance=row.instance,
        name=row.name,
        pid=row.pid,
        pool=row.pool,
        slots=row.slots,
        queues=tuple(row.queues),
        tasks=tuple(row.tasks),
        active=tuple(_active(run_id, runs.get(run_id), now) for run_id in row.active),
        reserved=tuple(row.reserved),
        versions=row.versions,
        clock_offset_ms=row.clock_offset_ms,
        started_at=row.started_at,
        heartbeat_at=row.heartbeat_at,
        seconds_since_heartbeat=max(0.0, (now - row.heartbeat_at).total_seconds()),
    )


def _active(run_id: str, run: Run | None, now: datetime) -> ActiveRun:
    if run is None:
        return ActiveRun(run_id, None, None, None, None)
    ran = (now - run.started_at).total_seconds() if run.started_at else None
    return ActiveRun(run_id, run.task_name, title_of(run.task_name), run.started_at, ran)
