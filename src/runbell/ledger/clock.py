"""The one clock that all tickers share."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connections, router
from django.utils import timezone

from runbell.models import Schedule


def now() -> datetime:
    """Return the database's time; this process's own where both are on one machine.

    Tickers on machines whose clocks differ must agree on what is due.
    """
    connection = connections[router.db_for_write(Schedule)]
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there: datetime = cursor.fetchone()[0]
    return there.astimezone(UTC)
