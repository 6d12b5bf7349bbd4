"""A worker says that it lives, and learns what it should stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from runbell.actions.account import give_back
from runbell.ledger import fences, workers
from runbell.ledger.fences import Running, Stale, Standing

__all__ = ["Pulse", "Registration", "Running", "Stale", "Standing", "beat", "fenced", "stopped"]


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
    running: Sequence[Running] = ()
    """The active runs, each with its process."""


def beat(registration: Registration, pulse: Pulse) -> Standing:
    """Write down that the worker lives; return which of its runs it should stop, and why."""
    now = timezone.now()
    columns: dict[str, Any] = {"queues": pulse.queues, "active": pulse.active, "reserved": pulse.reserved}
    if not workers.beat(registration.instance, now, **columns):
        workers.register(registration.instance, now, **_row(registration) | columns)
    return fences.standing(registration.name, registration.instance, pulse.running)


def fenced(stale: Stale, worker: str, detail: str) -> None:
    """Write down that a worker ends an attempt that no longer counts."""
    fences.note(stale, worker, detail, timezone.now())


def stopped(instance: str) -> None:
    """Write down that the worker stopped on purpose, and what becomes of the runs that it had."""
    workers.stop(instance, timezone.now())
    give_back(instance, running=False)


def _row(registration: Registration) -> dict[str, Any]:
    names = ("name", "pid", "pool", "slots", "tasks", "versions", "started_at")
    return {name: getattr(registration, name) for name in names}
