"""Marking many runs with one fact: that the broker took them, that a worker holds them.

Both come in numbers and from several processes at once. On PostgreSQL one statement does it, and takes its locks in the
order of the runs, so that two of them never wait for each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F

from runbell.domain.states import TRANSITIONS, Fact, State
from runbell.ledger.attempt import Claimant
from runbell.models import Event, Run

PUBLISH_AGAIN_AFTER = timedelta(minutes=10)
"""How long a run waits with the broker before it is sent again without any sign that its message is gone. From then on
it doubles with the age of the run (10, 20, 40 minutes), so that a long backlog is not multiplied."""
SENT = frozenset({State.ACCEPTED, State.QUEUED})
"""Where a run stands whose message the broker took and no worker has taken yet."""

_STATEMENT = f"""
    WITH fact AS (
        SELECT * FROM unnest(%(ids)s::text[], %(times)s::timestamptz[]) AS fact (task_id, at)
    ), locked AS (
        SELECT run.id, fact.at, run.state = ANY(%(sources)s) AS moves
        FROM {Run._meta.db_table} run JOIN fact USING (task_id) ORDER BY run.id FOR UPDATE OF run
    ), marked AS (
        UPDATE {Run._meta.db_table} run
        SET state = CASE WHEN moves THEN %(target)s ELSE state END,
            worker = CASE WHEN moves AND %(worker)s <> '' THEN %(worker)s ELSE worker END,
            worker_instance = CASE WHEN moves AND %(worker)s <> '' THEN %(instance)s ELSE worker_instance END,
            publish_after = CASE
                WHEN NOT %(published)s AND moves THEN NULL
                WHEN %(published)s AND state = ANY(%(sent)s)
                THEN at + GREATEST(make_interval(secs => %(again)s), at - requested_at)
                ELSE publish_after END,
            published_at = CASE WHEN %(published)s THEN at ELSE published_at END,
            publish_attempts = publish_attempts + CASE WHEN %(published)s THEN 1 ELSE 0 END
        FROM locked WHERE run.id = locked.id AND (moves OR %(published)s)
    )
    INSERT INTO {Event._meta.db_table} (run_id, kind, at, attempt, worker, detail)
    SELECT id, %(kind)s, at, 0, %(worker)s, '' FROM locked
"""  # noqa: S608 (only names of tables of the models)


NOBODY = Claimant("", "", 0)


def mark_published(times: Mapping[str, datetime]) -> None:
    """Write down that the broker took these runs: run id to the moment it did."""
    _mark(Fact.QUEUED, times, NOBODY)


def mark_received(times: Mapping[str, datetime], holder: Claimant) -> None:
    """Write down that a worker holds these runs for a free slot: run id to the moment it took them."""
    _mark(Fact.RECEIVED, times, holder)


def _mark(fact: Fact, times: Mapping[str, datetime], holder: Claimant) -> None:
    """Move the runs that the fact moves, and add its event to all of them."""
    connection = connections[router.db_for_write(Run)]
    if connection.vendor == "postgresql":
        _in_one_statement(connection, fact, times, holder)
    else:
        _in_transaction(fact, times, holder)


def _in_one_statement(
    connection: BaseDatabaseWrapper, fact: Fact, times: Mapping[str, datetime], holder: Claimant
) -> None:
    sources, target = TRANSITIONS[fact]
    with connection.cursor() as cursor:
        cursor.execute(
            _STATEMENT,
            {
                "ids": list(times),
                "times": list(times.values()),
                "sources": [state.value for state in sources],
                "target": target.value,
                "kind": fact.value,
                "worker": holder.worker,
                "instance": holder.instance,
                "published": fact is Fact.QUEUED,
                "sent": [state.value for state in SENT],
                "again": PUBLISH_AGAIN_AFTER.total_seconds(),
            },
        )


def _in_transaction(fact: Fact, times: Mapping[str, datetime], holder: Claimant) -> None:
    sources, target = TRANSITIONS[fact]
    with transaction.atomic():
        runs = list(Run.objects.filter(task_id__in=list(times)).only("task_id", "state", "requested_at"))
        for run in runs:
            changes = _published(run, times[run.task_id]) if fact is Fact.QUEUED else {}
            if run.state in sources:
                changes |= {"state": target.value} | (_received(holder) if fact is Fact.RECEIVED else {})
            if changes:
                Run.objects.filter(pk=run.pk, state=run.state).update(**changes)
        Event.objects.bulk_create(
            Event(run=run, kind=fact.value, at=times[run.task_id], worker=holder.worker) for run in runs
        )


def _published(run: Run, at: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {"published_at": at, "publish_attempts": F("publish_attempts") + 1}
    if run.state in SENT:
        changes["publish_after"] = at + max(PUBLISH_AGAIN_AFTER, at - run.requested_at)
    return changes


def _received(holder: Claimant) -> dict[str, Any]:
    return {"publish_after": None, "worker": holder.worker, "worker_instance": holder.instance}
