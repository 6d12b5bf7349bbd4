"""Writing down which workers live and what they do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import connections
from django.utils import timezone

from runbell.models import Worker

MAX_OFFSET_MS = 2**31 - 1
"""The largest offset that is told; a clock that is weeks off must not keep its worker from speaking."""


def register(instance: str, at: datetime, **columns: Any) -> None:
    """Write down a worker that starts, with everything that does not change while it lives."""
    Worker.objects.update_or_create(instance=instance, defaults={"heartbeat_at": at, "stopped_at": None, **columns})


def beat(instance: str, at: datetime, **columns: Any) -> bool:
    """Write down that a worker lives and what it does now; False if the ledger does not know it."""
    return Worker.objects.filter(instance=instance).update(heartbeat_at=at, **columns) == 1


def stop(instance: str, at: datetime) -> None:
    """Write down that a worker stopped on purpose."""
    Worker.objects.filter(instance=instance).update(stopped_at=at, active=[], reserved=[])


def forget(before: datetime) -> int:
    """Delete workers that were last heard of before that moment; return how many."""
    return Worker.objects.filter(heartbeat_at__lt=before).delete()[0]


def can_terminate(instance: str) -> bool:
    """Return whether that worker's pool can end one run without ending the others."""
    return Worker.objects.filter(instance=instance, pool="prefork", stopped_at__isnull=True).exists()


def clock_offset_ms() -> int:
    """Return the database's clock minus this process's, in milliseconds; 0 where both are one machine's."""
    connection = connections[Worker.objects.db]
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there: datetime = cursor.fetchone()[0]
    offset = round((there.astimezone(UTC) - timezone.now()).total_seconds() * 1000)
    return max(-MAX_OFFSET_MS, min(offset, MAX_OFFSET_MS))
