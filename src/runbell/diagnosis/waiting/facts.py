"""What the rules look at: one run that waits, and what could keep it. ``queries.waiting`` gives it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from datetime import datetime
from typing import Protocol

SILENT_AFTER = 6.0
"""Seconds without a heartbeat after which nobody counts on a worker; it is a few heartbeats."""


class SlotFacts(Protocol):
    """What occupies one slot of a worker."""

    @property
    def task_title(self) -> str: ...
    @property
    def seconds(self) -> float | None: ...


class WorkerFacts(Protocol):
    """One worker that has not stopped."""

    @property
    def instance(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def queues(self) -> Sequence[str]: ...
    @property
    def tasks(self) -> Container[str]: ...
    @property
    def slots(self) -> int: ...
    @property
    def busy(self) -> Sequence[SlotFacts]: ...
    @property
    def seconds_silent(self) -> float: ...


class TurnFacts(Protocol):
    """Where a run stands in the line before its task's place."""

    @property
    def run_id(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def ahead(self) -> int: ...


class WaitingFacts(Protocol):
    """One run that waits."""

    @property
    def at(self) -> datetime: ...
    @property
    def state(self) -> str: ...
    @property
    def queue(self) -> str: ...
    @property
    def celery_name(self) -> str: ...
    @property
    def held_by(self) -> str: ...
    @property
    def worker(self) -> str: ...
    @property
    def next_attempt_at(self) -> datetime | None: ...
    @property
    def expires_at(self) -> datetime | None: ...
    @property
    def broker_unreachable_since(self) -> datetime | None: ...
    @property
    def workers(self) -> Sequence[WorkerFacts]: ...
    @property
    def last_heartbeat_at(self) -> datetime | None: ...
    @property
    def turn(self) -> TurnFacts | None: ...


def living(facts: WaitingFacts) -> list[WorkerFacts]:
    """Return the workers that spoke a moment ago."""
    return [worker for worker in facts.workers if worker.seconds_silent <= SILENT_AFTER]


def consumers(facts: WaitingFacts) -> list[WorkerFacts]:
    """Return the living workers that consume the run's queue."""
    return [worker for worker in living(facts) if facts.queue in worker.queues]


def listed(parts: Sequence[str], most: int = 3) -> str:
    """Return the parts as one text, only the first few of many."""
    return "; ".join(_cut(parts, most))


def _cut(parts: Sequence[str], most: int) -> Iterator[str]:
    yield from parts[:most]
    if len(parts) > most:
        yield f"and {len(parts) - most} more"
