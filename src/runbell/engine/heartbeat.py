"""What a worker can say of itself without asking anybody."""

from __future__ import annotations

import importlib.metadata
import itertools
import logging
import math
import os
import platform
import signal
import time
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import celery
import django
from celery.worker import state as worker_state
from django.utils import timezone

from runbell.actions.account import Absence, account_for, give_back
from runbell.actions.heartbeat import Pulse, Registration, Running, beat, stopped
from runbell.engine import identity
from runbell.engine.fencing import Fence

logger = logging.getLogger(__name__)

MAX_LISTED = 200
"""How many active and how many reserved runs a heartbeat names."""
ACCOUNT_EVERY = 3
"""At every which heartbeat a worker looks what the ledger says that it has; what it has lost is gone for good."""

GRACE = 10.0
"""Seconds that a cancelled run has to clean up; then its process is asked again, which ends it at once."""


class WorkerVitals:
    """Reads a worker's state in its main process, and ends runs there that somebody cancelled or that are stale."""

    def __init__(self, worker: Any) -> None:
        self._worker = worker
        self._absence = Absence()
        self._leaving = False
        self._beats = itertools.count()
        self._asked_to_end: dict[str, float] = {}
        self._registration = Registration(
            instance=identity.claimant().instance,
            name=str(worker.hostname),
            pid=os.getpid(),
            pool=worker.pool_cls.__module__.rpartition(".")[2],
            slots=int(getattr(worker.pool, "num_processes", None) or worker.concurrency or 1),
            queues=self._queues(),
            tasks=sorted(name for name in worker.app.tasks if not name.startswith("celery.")),
            versions=_versions(),
            started_at=timezone.now(),
        )
        can_end = self._registration.pool == "prefork"
        self._fence = Fence(self._registration.name, worker.pool.terminate_job if can_end else None)

    def beat(self) -> int:
        """Say that the worker lives; end the runs that it should; return how many somebody cancelled."""
        running = _running()
        active = [each.run_id for each in running]
        reserved = [run_id for run_id in _ids(worker_state.reserved_requests) if run_id not in set(active)]
        pulse = Pulse(self._queues(), active[:MAX_LISTED], reserved[:MAX_LISTED], running[:MAX_LISTED])
        standing = beat(self._registration, pulse)
        self._fence.close(standing.stale)
        self._end(standing.cancelled)
        self._account()
        return len(standing.cancelled)

    def leave(self) -> None:
        """Note that the worker is about to stop: from now on it takes nothing, and gives back what it has not begun."""
        self._leaving = True

    def stopped(self) -> None:
        """Say that the worker stopped on purpose."""
        stopped(self._registration.instance)

    def _account(self) -> None:
        if self._leaving:
            give_back(self._registration.instance, running=True)
        elif next(self._beats) % ACCOUNT_EVERY == 0:
            account_for(self._registration.instance, set(self._runs_at_hand()), self._absence)

    def _runs_at_hand(self) -> Iterator[str]:
        """Yield the ids of all that this process has: waiting for a slot, running, or held back by a rate limit."""
        yield from list(worker_state.requests)
        yield from _ids(worker_state.active_requests)  # Celery forgets some of these when its connection breaks
        for bucket in list(self._worker.consumer.task_buckets.values()):
            yield from (request.id for request, _ in list(bucket.contents)) if bucket else ()

    def _queues(self) -> list[str]:
        if self._leaving:
            return []
        consumer = getattr(self._worker.consumer, "task_consumer", None)
        return sorted(queue.name for queue in consumer.queues) if consumer else []

    def _end(self, cancelled: Collection[str]) -> None:
        """Ask the processes of cancelled runs to end, again only after a while: billiard lets nobody be asked twice."""
        now = time.monotonic()
        self._asked_to_end = {run_id: at for run_id, at in self._asked_to_end.items() if run_id in cancelled}
        for run_id in cancelled:
            if now - self._asked_to_end.get(run_id, -math.inf) >= GRACE:
                self._asked_to_end[run_id] = now
                self._terminate(run_id)

    def _terminate(self, run_id: str) -> None:
        """End the process that runs it, where the pool has one a run; its main loop then tells of the end."""
        request = next((each for each in list(worker_state.active_requests) if each.id == run_id), None)
        pid = getattr(request, "worker_pid", None)
        if self._registration.pool == "prefork" and pid:
            logger.info("terminating run %s on request", run_id)
            self._worker.pool.terminate_job(pid, signal.SIGTERM)


def _running() -> list[Running]:
    requests = _copy(worker_state.active_requests)
    return [Running(str(request.id), request.worker_pid or 0) for request in requests]


def _ids(requests: Iterable[Any]) -> list[str]:
    return [str(request.id) for request in _copy(requests)]


def _copy(requests: Iterable[Any]) -> list[Any]:
    """Return a copy of a set that the worker's event loop changes while it is read."""
    for _ in range(5):
        try:
            return list(requests)
        except RuntimeError:
            continue
    return []


def _versions() -> dict[str, str]:
    return {
        "python": platform.python_version(),
        "django": django.get_version(),
        "celery": celery.__version__,
        "runbell": importlib.metadata.version("runbell"),
    }
