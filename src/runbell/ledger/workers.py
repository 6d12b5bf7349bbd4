"""Writing down which workers live and what they do."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connections
from django.db.models.expressions import RawSQL

from runbell.models import Worker

_OFFSET_MS = """
    GREATEST(-2147483647, LEAST(2147483647, ROUND(1000 * EXTRACT(EPOCH FROM clock_timestamp() - %s))))::integer
"""
"""The largest that fits is the largest told: a clock that is weeks off must not keep its worker from speaking."""


def register(instance: str, at: datetime, **columns: Any) -> None:
    """Write down a worker that starts, with everything that does not change while it lives."""
    Worker.objects.update_or_create(instance=instance, defaults={"heartbeat_at": at, "stopped_at": None, **columns})


def beat(instance: str, at: datetime, **columns: Any) -> bool:
    """Write down that a worker lives and what it does now; False if the ledger does not know it. One query.

    By how much the database's clock differs from the worker's, which says that it is ``at``, is written down with it.
    """
    worker = Worker.objects.filter(instance=instance)
    if connections[worker.db].vendor == "postgresql":
        columns["clock_offset_ms"] = RawSQL(_OFFSET_MS, [at])  # noqa: S611 (a constant and a value)
    return worker.update(heartbeat_at=at, **columns) == 1


def stop(instance: str, at: datetime) -> None:
    """Write down that a worker stopped on purpose."""
    Worker.objects.filter(instance=instance).update(stopped_at=at, active=[], reserved=[])


def forget(before: datetime) -> int:
    """Delete workers that were last heard of before that moment; return how many."""
    return Worker.objects.filter(heartbeat_at__lt=before).delete()[0]


def can_terminate(instance: str) -> bool:
    """Return whether that worker's pool can end one run without ending the others."""
    return Worker.objects.filter(instance=instance, pool="prefork", stopped_at__isnull=True).exists()
