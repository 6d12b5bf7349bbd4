"""Bring the schedules that the code declares into the database."""

from __future__ import annotations

from django.utils import timezone

from runbell.catalog import catalog
from runbell.ledger import schedules


def sync_schedules() -> None:
    """Make the schedule table say what the code says; what the code no longer has stops firing."""
    schedules.sync(catalog.schedules(), timezone.now())
