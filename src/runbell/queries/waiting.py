"""What could keep one run waiting, from the ledger alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from runbell.domain.states import WAITING
from runbell.models import Broker, Run, Worker
from runbell.queries.names import title_of
from runbell.queries.places import Turn, turn_of

MAX_WORKERS = 100
REMEMBERED = timedelta(minutes=10)
"""How long a worker that fell silent is still named."""
BROKER_ASKED_WITHIN = timedelta(seconds=20)
"""How old the tickers' word on the broker may be."""
RETRY_GRACE = timedelta(seconds=10)
"""How long after the moment of a retry the ledger would send it; see ``ledger.claims``."""


@dataclass(frozen=True)
class SlotUse:
    """What occupies one slot of a worker; no number of seconds if the ledger does not know the run."""

    task_title: str
    seconds: float | None


@dataclass(frozen=True)
class WorkerState:
    """One worker that has not stopped."""

    instance: str
    name: str
    queues: tuple[str, ...]
    tasks: frozenset[str]
    slots: int
    busy: tuple[SlotUse, ...]
    seconds_silent: float


@dataclass(frozen=True)
class Waiting:
    """A run that waits, and what could keep it.

    Args:
        held_by: the start of the worker that took it from the broker, or "".
        next_attempt_at: when a run that is to be retried is due.
        expires_at: when it must be started at the latest; None for one that was started before.
        broker_unreachable_since: as the tickers say; None while it answers, or nobody asks it.
        workers: those that were heard of lately, the last heard of first; of one name the latest start.
        last_heartbeat_at: the last one before the run's time ran out, of any worker.
        turn: the line in which it waits for another run of its task, or None.
    """

    at: datetime
    state: str
    queue: str
    celery_name: str
    held_by: str
    worker: str
    next_attempt_at: datetime | None
    expires_at: datetime | None
    broker_unreachable_since: datetime | None
    workers: tuple[WorkerState, ...]
    last_heartbeat_at: datetime | None
    turn: Turn | None


def what_keeps(run_id: str) -> Waiting | None:
    """Return what could keep a run; None if there is no such run or it does not wait."""
    return what_keeps_each([run_id]).get(run_id)


def what_keeps_each(run_ids: Sequence[str]) -> dict[str, Waiting]:
    """Return what could keep each of the runs that wait; four queries, and two more for each that waits in line."""
    runs = list(Run.objects.filter(task_id__in=run_ids, state__in=[state.value for state in WAITING]))
    if not runs:
        return {}
    now = timezone.now()
    around = _Surroundings(
        at=now,
        broker_unreachable_since=_broker_unreachable_since(now),
        workers=_workers(now),
        heartbeats=_heartbeats() if any(run.expires_at and run.expires_at < now for run in runs) else [],
    )
    return {run.task_id: _waiting(run, around) for run in runs}


@dataclass(frozen=True)
class _Surroundings:
    """What is the same for all runs that are looked at together."""

    at: datetime
    broker_unreachable_since: datetime | None
    workers: tuple[WorkerState, ...]
    heartbeats: list[datetime]


def _waiting(run: Run, around: _Surroundings) -> Waiting:
    expires_at = None if run.attempt else run.expires_at
    return Waiting(
        at=around.at,
        state=run.state,
        queue=run.queue,
        celery_name=run.celery_name,
        held_by=run.worker_instance,
        worker=run.worker,
        next_attempt_at=run.publish_after - RETRY_GRACE if run.publish_after else None,
        expires_at=expires_at,
        broker_unreachable_since=around.broker_unreachable_since,
        workers=around.workers,
        last_heartbeat_at=max((at for at in around.heartbeats if expires_at and at < expires_at), default=None),
        turn=turn_of(run),
    )


def _broker_unreachable_since(now: datetime) -> datetime | None:
    asked = Broker.objects.filter(checked_at__gt=now - BROKER_ASKED_WITHIN)
    return asked.values_list("unreachable_since", flat=True).first()


def _heartbeats() -> list[datetime]:
    latest = Worker.objects.order_by("-heartbeat_at").values_list("heartbeat_at", flat=True)
    return list(latest[: 10 * MAX_WORKERS])


def _workers(now: datetime) -> tuple[WorkerState, ...]:
    rows = Worker.objects.filter(heartbeat_at__gt=now - REMEMBERED, stopped_at__isnull=True).order_by("-heartbeat_at")
    workers = list({row.name: row for row in reversed(rows[:MAX_WORKERS])}.values())[::-1]
    runs = _runs(run_id for worker in workers for run_id in worker.active)
    return tuple(_worker(worker, runs, now) for worker in workers)


def _runs(run_ids: Iterable[str]) -> dict[str, Run]:
    some = list(run_ids)[:1000]
    return {run.task_id: run for run in Run.objects.filter(task_id__in=some).only("task_id", "task_name", "started_at")}


def _worker(row: Worker, runs: dict[str, Run], now: datetime) -> WorkerState:
    return WorkerState(
        instance=row.instance,
        name=row.name,
        queues=tuple(row.queues),
        tasks=frozenset(row.tasks),
        slots=row.slots,
        busy=tuple(_slot(runs.get(run_id), now) for run_id in row.active),
        seconds_silent=max(0.0, (now - row.heartbeat_at).total_seconds()),
    )


def _slot(run: Run | None, now: datetime) -> SlotUse:
    if run is None or run.started_at is None:
        return SlotUse("a task that the ledger does not know", None)
    return SlotUse(title_of(run.task_name), max(0.0, (now - run.started_at).total_seconds()))
