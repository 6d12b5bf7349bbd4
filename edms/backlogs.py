"""Measuring the work that waits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet

from edms.site_time import start_of_day
from runbell.domain.outcome import Backlog


def backlog_by_date(rows: QuerySet[Any], field: str, *, late_after: timedelta = timedelta(0)) -> Backlog:
    """Count ``rows``; the oldest waits since the earliest date in ``field``, plus ``late_after``, began at the site."""
    measured = rows.aggregate(count=Count("pk"), oldest=Min(field))
    oldest = measured["oldest"]
    return Backlog(measured["count"], start_of_day(oldest + late_after) if oldest else None)
