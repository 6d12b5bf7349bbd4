"""Writing down how much work waits."""

from __future__ import annotations

from datetime import datetime

from runbell.models import BacklogSample


def keep(task_name: str, *, count: int, oldest: datetime | None, error: str, at: datetime) -> None:
    """Keep what a backlog probe said; one query but for a task's first time."""
    said = {"count": count, "oldest_at": oldest, "error": error, "measured_at": at}
    if not BacklogSample.objects.filter(task_name=task_name).update(**said):
        BacklogSample.objects.update_or_create(task_name=task_name, defaults=said)


def stale(task_names: list[str], before: datetime) -> set[str]:
    """Return which of the tasks have no sample since that moment."""
    fresh = BacklogSample.objects.filter(task_name__in=task_names, measured_at__gte=before)
    return set(task_names) - set(fresh.values_list("task_name", flat=True))
