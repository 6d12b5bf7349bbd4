"""A worker says that it lives, and learns what it should stop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from runbell.actions.account import give_back
from runbell.ledger import reaping, workers


@dataclass(frozen=True)
class Registration:
    """What a worker says of itself once."""

    instance: str
    name: str
    pid: int
    pool: str
    slots: int
    queues: list[str]
    tasks: list[str]
    versions: dict[str, str]
    started_at: datetime


@dataclass(frozen=True)
class Pulse:
    """What a worker says of itself at every tick."""

    queues: list[str]
    active: list[str]
    reserved: list[str]


def beat(registration: Registration, pulse: Pulse) -> list[str]:
    """Write down that the worker lives; return the ids of its runs that somebody asked to stop."""
    now = timezone.now()
    columns: dict[str, Any] = {"queues": pulse.queues, "active": pulse.active, "reserved": pulse.reserved}
    if not workers.beat(registration.instance, now, clock_offset_ms=workers.clock_offset_ms(), **columns):
        workers.register(registration.instance, now, **_row(registration) | columns)
    stopping = reaping.to_terminate(registration.instance, pulse.active) if pulse.active else []
    return [run.task_id for run in stopping]


def stopped(instance: str) -> None:
    """Write down that the worker stopped on purpose, and what becomes of the runs that it had."""
    workers.stop(instance, timezone.now())
    give_back(instance, running=False)


def _row(registration: Registration) -> dict[str, Any]:
    names = ("name", "pid", "pool", "slots", "tasks", "versions", "started_at")
    return {name: getattr(registration, name) for name in names}
