"""Old rows in the ledger, so that the clean-up has something to delete on the first day."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from runbell.catalog import catalog
from runbell.domain.ids import new_run_id
from runbell.models import Run

ACTOR = "system:demo"
TASK = "perform_system_health_check"
ROWS = 48
AGE = timedelta(days=30)
SPACING = timedelta(minutes=30)


def add() -> int:
    """Add skipped occurrences of a month ago, unless some are there; return how many.

    They say of themselves that nothing ran: the ledger must not claim work that nobody did. For the same reason the
    audit trail has nothing of them.
    """
    if Run.objects.filter(actor=ACTOR).exists():
        return 0
    task, start = catalog.resolve(TASK), timezone.now().replace(minute=0, second=0, microsecond=0) - AGE
    moments = [start + SPACING * number for number in range(ROWS)]
    rows = [
        Run(
            task_id=new_run_id(),
            task_name=task.name,
            celery_name=task.celery_name,
            queue=task.queue,
            state="SKIPPED",
            explanation="Demonstration data: nothing ran; the row is there for the clean-up to delete",
            trigger="schedule",
            actor=ACTOR,
            actor_name="Demonstration data",
            schedule_name=task.name,
            due_at=moment,
            requested_at=moment,
            finished_at=moment,
        )
        for moment in moments
    ]
    return len(Run.objects.bulk_create(rows))
