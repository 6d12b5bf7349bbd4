"""Marking many runs with one fact: that the broker took them, that a worker holds them.

Both come in numbers and from several processes at once. On PostgreSQL one statement does it, and takes its locks in the
order of the runs, so that two of them never wait for each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F

from runbell.domain.states import TRANSITIONS, Fact
from runbell.models import Event, Run

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
            publish_after = NULL,
            publish_attempts = publish_attempts + %(attempts)s
        FROM locked WHERE run.id = locked.id
    )
    INSERT INTO {Event._meta.db_table} (run_id, kind, at, attempt, worker, detail)
    SELECT id, %(kind)s, at, 0, %(worker)s, '' FROM locked
"""  # noqa: S608 (only names of tables of the models)


def mark_published(times: Mapping[str, datetime]) -> None:
    """Write down that the broker took these runs: run id to the moment it did."""
    _mark(Fact.QUEUED, times, worker="", attempts=1)


def mark_received(times: Mapping[str, datetime], worker: str) -> None:
    """Write down that a worker holds these runs for a free slot: run id to the moment it took them."""
    _mark(Fact.RECEIVED, times, worker=worker, attempts=0)


def _mark(fact: Fact, times: Mapping[str, datetime], *, worker: str, attempts: int) -> None:
    """Move the runs that the fact moves, and add its event to all of them. No relay need publish them any more."""
    connection = connections[router.db_for_write(Run)]
    if connection.vendor == "postgresql":
        _in_one_statement(connection, fact, times, worker, attempts)
    else:
        _in_transaction(fact, times, worker, attempts)


def _in_one_statement(
    connection: BaseDatabaseWrapper, fact: Fact, times: Mapping[str, datetime], worker: str, attempts: int
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
                "worker": worker,
                "attempts": attempts,
            },
        )


def _in_transaction(fact: Fact, times: Mapping[str, datetime], worker: str, attempts: int) -> None:
    sources, target = TRANSITIONS[fact]
    with transaction.atomic():
        runs = Run.objects.filter(task_id__in=list(times))
        events = [
            Event(run_id=pk, kind=fact.value, at=times[run_id], worker=worker)
            for pk, run_id in runs.values_list("pk", "task_id")
        ]
        seen = {"worker": worker} if worker else {}
        runs.filter(state__in=[state.value for state in sources]).update(state=target.value, **seen)
        runs.update(publish_after=None, publish_attempts=F("publish_attempts") + attempts)
        Event.objects.bulk_create(events)
