"""What waits in each queue, for how long, and who consumes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone

from runbell.catalog import catalog
from runbell.conf import get_dispatcher
from runbell.domain.errors import BrokerUnavailable
from runbell.domain.states import WAITING, State
from runbell.models import Run, Worker
from runbell.queries.workers import live_rows

DEPTH_BUDGET = 0.25
"""Seconds that the broker may take to tell its depths."""


@dataclass(frozen=True)
class QueueInfo:
    """One queue.

    Args:
        depth: messages that wait in the broker, None if it did not say.
        depth_error: why it did not, or "".
        waiting: runs of the ledger that are not started yet.
        running: runs of the ledger that a worker runs now.
        oldest_waiting_at: when the oldest waiting run was asked for, or None.
        seconds_oldest_waits: since then, or None.
        consumers: names of the live workers that consume it.
        tasks: names of the catalogued tasks that go to it.
    """

    name: str
    depth: int | None
    depth_error: str
    waiting: int
    running: int
    oldest_waiting_at: datetime | None
    seconds_oldest_waits: float | None
    consumers: tuple[str, ...]
    tasks: tuple[str, ...]


def queue_overview() -> tuple[QueueInfo, ...]:
    """Return every queue that a task, a live worker or an active run names; two queries and one broker call."""
    now = timezone.now()
    active = {row["queue"]: row for row in _active_by_queue()}
    tasks: dict[str, list[str]] = defaultdict(list)
    for task in catalog:
        tasks[task.queue].append(task.name)
    consumers = consumers_by_queue(live_rows(now, ("name", "queues")))
    names = sorted({*active, *tasks, *consumers})
    depths, error = _depths(names)
    return tuple(
        QueueInfo(
            name=name,
            depth=depths.get(name),
            depth_error=error,
            **_counts(active.get(name, {}), now),
            consumers=tuple(consumers.get(name, [])),
            tasks=tuple(tasks.get(name, [])),
        )
        for name in names
    )


def consumers_by_queue(workers: Iterable[Worker]) -> dict[str, list[str]]:
    """Return the names of the workers that consume each queue."""
    consumers: dict[str, list[str]] = {}
    for worker in workers:
        for queue in worker.queues:
            consumers.setdefault(queue, []).append(worker.name)
    return consumers


def _active_by_queue() -> list[Any]:
    waiting = Q(state__in=[state.value for state in WAITING])
    return list(
        Run.objects.filter(finished_at__isnull=True)
        .order_by()
        .values("queue")
        .annotate(
            waiting=Count("id", filter=waiting),
            running=Count("id", filter=Q(state=State.STARTED.value)),
            oldest=Min("requested_at", filter=waiting),
        )
    )


def _depths(names: list[str]) -> tuple[dict[str, int], str]:
    try:
        return (get_dispatcher().depths(names, budget=DEPTH_BUDGET) if names else {}), ""
    except BrokerUnavailable as error:
        return {}, error.message


def _counts(active: dict[str, Any], now: datetime) -> dict[str, Any]:
    oldest = active.get("oldest")
    return {
        "waiting": active.get("waiting", 0),
        "running": active.get("running", 0),
        "oldest_waiting_at": oldest,
        "seconds_oldest_waits": max(0.0, (now - oldest).total_seconds()) if oldest else None,
    }
