"""Finding what is overdue, and deleting what nobody needs any more."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connections, router, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from runbell.domain.states import FINISHED, State
from runbell.models import Event, LogLine, Run, Worker
from runbell.partitions import months

BATCH = 500
EVIDENCE = frozenset({State.MISSED, State.EXPIRED})
"""What shows that work was not done in its time; never deleted."""


@dataclass(frozen=True)
class Deleted:
    """How many rows went."""

    runs: int = 0
    events: int = 0
    log_lines: int = 0


def to_relay(now: datetime, lease: timedelta, unguarded: Collection[str], limit: int) -> list[Run]:
    """Return runs that the broker does not have, or has had for long, and that may be published now, oldest first.

    They are this caller's for the time of the ``lease``: of many relays each publishes others. Those of ``unguarded``
    tasks, which run twice if their message comes twice, are published once.
    """
    again = Q(state=State.QUEUED.value) & ~Q(celery_name__in=unguarded)
    waiting = Run.objects.filter(Q(state=State.ACCEPTED.value) | again, publish_after__lte=now).order_by(
        "publish_after"
    )
    if not waiting.exists():
        return []
    skip = connections[waiting.db].features.has_select_for_update_skip_locked
    with transaction.atomic():
        runs = list(waiting.select_for_update(skip_locked=skip)[:limit])
        Run.objects.filter(pk__in=[run.pk for run in runs]).update(publish_after=now + lease)
    return runs


def overdue(now: datetime, limit: int) -> list[Run]:
    """Return runs that wait past their expiry and were never started."""
    waiting = [state.value for state in (State.ACCEPTED, State.QUEUED, State.RECEIVED)]
    runs = Run.objects.filter(finished_at__isnull=True, expires_at__lte=now, state__in=waiting, attempt=0)
    return list(runs.order_by("expires_at")[:limit])


def orphaned(heartbeat_before: datetime, limit: int) -> list[Run]:
    """Return running runs whose worker stopped or has been silent since that moment."""
    alive = Worker.objects.filter(
        instance=OuterRef("worker_instance"), stopped_at__isnull=True, heartbeat_at__gte=heartbeat_before
    )
    stopped = Worker.objects.filter(instance=OuterRef("worker_instance"), stopped_at__isnull=False)
    started = Run.objects.filter(Exists(stopped) | Q(started_at__lt=heartbeat_before), state=State.STARTED.value)
    return list(started.filter(~Exists(alive)).order_by("started_at")[:limit])


def prunable(before: datetime, *, with_revoked: bool) -> QuerySet[Run]:
    """Return finished runs of before that moment, but for those that are evidence of work not done.

    What finished before then was asked for before then, which an index knows: newer runs are not even looked at.
    """
    states = FINISHED - EVIDENCE - (frozenset() if with_revoked else {State.REVOKED})
    old = Run.objects.filter(requested_at__lt=before, finished_at__lt=before)
    return old.filter(state__in=[state.value for state in states])


def count_evidence(before: datetime) -> int:
    """Return how many rows that were asked for before that moment are kept as evidence; an index alone tells."""
    return Run.objects.filter(state__in=[state.value for state in EVIDENCE], requested_at__lt=before).count()


def delete_in_batches(runs: QuerySet[Run]) -> Iterator[Deleted]:
    """Delete runs with their events and log lines, a short transaction a batch, oldest first.

    Each batch begins where the one before it ended: what is kept on purpose is passed over once, not for every batch.
    """
    position: tuple[datetime, int] | None = None
    while True:
        batch = _behind(runs, position).order_by("requested_at", "id").values_list("requested_at", "pk")[:BATCH]
        rows = list(batch)
        if not rows:
            return
        position, keys = rows[-1], [key for _, key in rows]
        with transaction.atomic():
            Run.objects.filter(retry_of__in=keys).update(retry_of=None)
            events = _delete(Event.objects.filter(run__in=keys))
            lines = _delete(LogLine.objects.filter(run__in=keys))
            gone = _delete(Run.objects.filter(pk__in=keys))
        yield Deleted(runs=gone, events=events, log_lines=lines)


def keep_months(before: datetime, now: datetime) -> None:
    """Where events and log lines are divided by month, drop months with nothing left, and make those that come."""
    connection = connections[router.db_for_write(Event)]
    if connection.vendor == "postgresql":
        months.drop_empty(connection, before)
        months.extend(connection, now)


def _behind(runs: QuerySet[Run], position: tuple[datetime, int] | None) -> QuerySet[Run]:
    if position is None:
        return runs
    at, key = position
    return runs.filter(Q(requested_at__gt=at) | Q(requested_at=at, id__gt=key), requested_at__gte=at)


def _delete(rows: QuerySet[Run] | QuerySet[Event] | QuerySet[LogLine]) -> int:
    return rows._raw_delete(rows.db)  # noqa: SLF001 (Django's own way to delete without collecting)
