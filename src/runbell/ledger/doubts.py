"""Finding runs whose message may be gone, and taking them back into the ledger to be published again.

To be wrong about one is harmless: a message that arrives twice runs once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from runbell.domain.states import TRANSITIONS, Fact, State
from runbell.ledger.opening import DETAIL_LENGTH
from runbell.models import Event, Run, Worker
from runbell.models.run import Trigger

PATIENCE = tuple(timedelta(seconds=seconds) for seconds in (0, 10, 30, 60))
"""How long a run that was published once, twice, ... must have been with the broker before it is doubted again."""


def any_under_way() -> bool:
    """Return whether any run has not ended; while none is, nothing can be missing.

    The first by an index: without an order PostgreSQL may read the whole table, see ``runbell.ledger.glance``.
    """
    unfinished = Run.objects.filter(finished_at__isnull=True).order_by("queue", "requested_at")
    return unfinished.values_list("pk").first() is not None


def count_sent(before: datetime) -> dict[str, int]:
    """Return how many runs of each queue the broker took before that moment and no worker has taken since."""
    rows = _sent(before).order_by().values_list("queue").annotate(Count("id"))
    return dict(rows)


def oldest_sent(queue: str, before: datetime, now: datetime, limit: int) -> list[str]:
    """Return those of one queue that wait longest; one that was sent again a moment ago is left alone for a while."""
    patient = Q()
    for attempts, patience in enumerate(PATIENCE, start=1):
        patient |= Q(publish_attempts__lte=attempts, published_at__lte=now - patience)
    patient |= Q(published_at__lte=now - PATIENCE[-1])
    runs = _sent(before).filter(patient, queue=queue).order_by("published_at")
    return list(runs.values_list("task_id", flat=True)[:limit])


def abandoned(heartbeat_before: datetime, limit: int) -> list[str]:
    """Return runs that a worker took from the broker and that is gone: it stopped, or is silent since that moment."""
    alive = Worker.objects.filter(
        instance=OuterRef("worker_instance"), stopped_at__isnull=True, heartbeat_at__gte=heartbeat_before
    )
    received = Run.objects.filter(~Exists(alive), state=State.RECEIVED.value)
    return list(received.order_by("requested_at").values_list("task_id", flat=True)[:limit])


def overdue_retries(now: datetime, unguarded: Collection[str], limit: int) -> list[str]:
    """Return runs whose next attempt should have been started by now.

    Not those that the application sent past Runbell, which cannot send them, nor those of tasks that run twice if their
    message comes twice.
    """
    due = Run.objects.filter(state=State.RETRY.value, publish_after__lte=now)
    due = due.exclude(trigger=Trigger.CELERY).exclude(celery_name__in=unguarded)
    return list(due.order_by("publish_after").values_list("task_id", flat=True)[:limit])


def held_by(instance: str, limit: int) -> list[Run]:
    """Return the runs that this worker holds or runs, as the ledger knows it: their ids, states, attempts, workers."""
    states = (State.RECEIVED.value, State.STARTED.value)
    held = Run.objects.filter(worker_instance=instance, state__in=states)
    return list(held.only("task_id", "state", "attempt", "worker").order_by("id")[:limit])


def take_back(run_ids: Iterable[str], why: str, at: datetime) -> int:
    """Have runs published again as soon as a relay comes by; return how many of them still waited."""
    sources, target = TRANSITIONS[Fact.RETURNED]
    with transaction.atomic():
        waiting = Run.objects.filter(task_id__in=list(run_ids), state__in=[state.value for state in sources])
        keys: Sequence[tuple[int, int]] = list(waiting.select_for_update().order_by("id").values_list("pk", "attempt"))
        Run.objects.filter(pk__in=[pk for pk, _ in keys]).update(state=target.value, publish_after=at)
        Event.objects.bulk_create(
            Event(run_id=pk, kind=Fact.RETURNED.value, at=at, attempt=attempt, detail=why[:DETAIL_LENGTH])
            for pk, attempt in keys
        )
    return len(keys)


def _sent(before: datetime) -> QuerySet[Run]:
    return Run.objects.filter(state=State.QUEUED.value, published_at__lt=before)
