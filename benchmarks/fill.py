"""``python -m benchmarks.fill RUNS [events] [lines]``: a ledger with a month's history, grown to that many runs.

With three events a run, and with a log line a run, where they are asked for.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import django

from benchmarks import bulk

DAYS = 30
MANY = 2_000
"""From so many new rows on, and from twice the rows, it is faster to make the indexes anew than to keep them up."""

_NUMBER = "((n * 2654435761) % 1000)"
"""A number below 1,000 that looks random and is the same at every call."""
_MANUAL = "(n * 40503) % 997 < 100"
_STATE = f"""
    CASE WHEN {_NUMBER} < 900 THEN 'SUCCESS' WHEN {_NUMBER} < 940 THEN 'PARTIAL' WHEN {_NUMBER} < 970 THEN 'FAILURE'
         WHEN {_NUMBER} < 980 THEN 'REVOKED' ELSE 'EXPIRED' END
"""
_HEX = "lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0')"
_VALUES = {
    "task_id": f"substr({_HEX}, 1, 8) || '-' || substr({_HEX}, 9, 4) || overlay(md5(at::text || n) "
    "PLACING '-7000-8000-' FROM 1 FOR 20)",
    "task_name": "task.name",
    "celery_name": "task.celery_name",
    "queue": "task.queue",
    "state": _STATE,
    "trigger": f"CASE WHEN {_MANUAL} THEN 'manual' ELSE 'schedule' END",
    "actor": f"CASE WHEN {_MANUAL} THEN 'user:quality' ELSE 'system:ticker' END",
    "actor_name": f"CASE WHEN {_MANUAL} THEN 'Quality' ELSE 'Scheduler' END",
    "requested_at": "at",
    "started_at": f"at + {_NUMBER} * interval '0.5 millisecond'",
    "finished_at": f"at + {_NUMBER} * interval '30 millisecond'",
    "attempt": "1",
    "worker": "'celery@benchmark'",
    "processed": "n % 50",
    "failed": "0",
}
"""What differs between runs; all other columns have what a new run has."""


_EVENTS = """
    INSERT INTO runbell_event (run_id, kind, at, attempt, worker, detail)
    SELECT run.id, kind, at + number * interval '10 millisecond', 1, 'celery@benchmark', ''
    FROM runbell_run run
    CROSS JOIN LATERAL unnest(ARRAY['ACCEPTED', 'STARTED', run.state], ARRAY[1, 2, 3]) AS event (kind, number)
    CROSS JOIN LATERAL (SELECT run.requested_at AS at) moment
    WHERE run.id > %s
"""
_LINES = """
    INSERT INTO runbell_logline (run_id, number, attempt, at, level, logger, message)
    SELECT id, 1, 1, requested_at, 'INFO', 'benchmarks', 'nothing to do' FROM runbell_run WHERE id > %s
"""


def main(count: int, *beside: str) -> None:
    """Add runs all over the last month until there are that many."""
    from runbell.models import Run  # noqa: PLC0415 (needs the settings)

    present = Run.objects.count()
    missing = count - present
    last = Run.objects.order_by("-id").values_list("id", flat=True).first() or 0
    with _connection().cursor() as cursor:
        if missing >= max(MANY, present):
            url = os.environ["DATABASE_URL"]
            with bulk.loading(url, Run._meta.db_table):
                bulk.work(url, [_insert(missing, share) for share in range(bulk.HANDS)])
        else:
            cursor.execute(*_insert(missing))
        cursor.execute("SET session_replication_role = replica")
        for name, statement in {"events": _EVENTS, "lines": _LINES}.items():
            if name in beside:
                cursor.execute(statement, [last])
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute(f"VACUUM (ANALYZE, PARALLEL 2) {Run._meta.db_table}")


def _connection() -> Any:
    from django.db import connection  # noqa: PLC0415 (needs the settings)

    if connection.vendor != "postgresql":
        raise SystemExit("benchmarks.fill fills PostgreSQL only")
    return connection


def _insert(count: int, share: int | None = None) -> bulk.Statement:
    """Return what inserts so many runs all over the month; of those, if many do it together, the share of one."""
    from runbell.catalog import catalog  # noqa: PLC0415 (needs the settings)
    from runbell.models import Run  # noqa: PLC0415

    tasks = [(task.name, task.celery_name, task.queue) for task in catalog]
    fields = [field for field in Run._meta.concrete_fields if not field.primary_key]
    parameters = [field.get_db_prep_save(field.get_default(), _connection()) for field in fields]
    values = [_VALUES.get(str(field.column), "%s") for field in fields]
    defaults = [value for value, text in zip(parameters, values, strict=True) if text == "%s"]
    names = ", ".join(f'"{field.column}"' for field in fields)
    statement = f"""
        WITH task AS MATERIALIZED (
            SELECT * FROM unnest(%s::text[], %s::text[], %s::text[]) WITH ORDINALITY AS t (name, celery_name, queue, nr)
        )
        INSERT INTO {Run._meta.db_table} ({names})
        SELECT {", ".join(values).replace("% ", "%% ")}
        FROM generate_series(%s::bigint, %s, %s) n
        CROSS JOIN LATERAL (SELECT now() - interval '{DAYS} days' * (1 - n::float / %s) AS at) moment
        JOIN task ON task.nr = 1 + (n * 7919) %% {len(tasks)}
    """
    series = [1, count, 1] if share is None else [1 + share, count, bulk.HANDS]
    return statement, [*map(list, zip(*tasks, strict=True)), *defaults, *series, count]


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), *sys.argv[2:])
