"""The claim and the end of an attempt as one statement each, on PostgreSQL: one round trip instead of six.

Every run pays for both. Each says the same as the transaction in ``claims`` that stands for it elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import JSONField

from runbell.domain.states import WAITING, Fact, State
from runbell.ledger.records import Record, as_json, insert_records
from runbell.ledger.repeated import repeated_cursor
from runbell.models import AuditEntry, Event, LogLine, Run

CLAIMED = (
    "id", "task_id", "task_name", "attempt", "params", "dry_run", "trigger", "actor", "actor_name", "actor_email",
    "reason", "due_at",
)  # fmt: skip
"""What a claim says of its run."""

_RUN, _EVENT, _LINE = (model._meta.db_table for model in (Run, Event, LogLine))
_JSON = frozenset(field.attname for field in Run._meta.concrete_fields if isinstance(field, JSONField))
_CLAIM = f"""
    WITH run AS (
        UPDATE {_RUN}
        SET state = '{State.STARTED}', attempt = attempt + 1, started_at = %(at)s, worker = %(worker)s,
            worker_instance = %(instance)s, worker_pid = %(pid)s, publish_after = NULL, explanation = '',
            progress_done = NULL, progress_total = NULL, progress_message = ''
        WHERE task_id = %(task_id)s AND celery_name = %(celery_name)s AND state = ANY(%(waiting)s)
            AND (expires_at IS NULL OR expires_at > %(at)s OR attempt > 0)
            AND (state <> '{State.RETRY}' OR publish_after IS NULL OR publish_after <= %(retry_until)s)
        RETURNING {", ".join(CLAIMED)}
    ), event AS (
        INSERT INTO {_EVENT} (run_id, kind, at, attempt, worker, detail)
        SELECT id, '{Fact.STARTED}', %(at)s, attempt, %(worker)s, %(detail)s FROM run
    )
    SELECT * FROM run
"""  # noqa: S608 (only names of tables and columns of the models)


def claim_in_one_statement(connection: BaseDatabaseWrapper, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """Take a waiting run and write that it started; return what ``CLAIMED`` names, or None if it cannot be taken so."""
    with repeated_cursor(connection) as cursor:
        cursor.execute(_CLAIM, {**values, "waiting": [state.value for state in WAITING]})
        row = cursor.fetchone()
    if row is None:
        return None
    claimed = dict(zip(CLAIMED, row, strict=True))
    return claimed | {"params": json.loads(claimed["params"])}


def end_in_one_statement(
    connection: BaseDatabaseWrapper,
    *,
    key: int,
    attempt: int,
    columns: Mapping[str, Any],
    event: tuple[str, datetime, str],
    lines: Sequence[Mapping[str, Any]],
    entry: Record | None,
) -> bool:
    """Write how an attempt ended, its event and the rest of its log; return whether it was the one that counts.

    Args:
        connection: to the ledger's database.
        key: the run's primary key.
        attempt: the attempt's number.
        columns: what the run is to hold.
        event: kind, moment and detail of the event.
        lines: log lines that are not written yet.
        entry: the audit entry, which is written only if the attempt counts.
    """
    json_form = connection.ops.adapt_json_value
    values = [
        json_form(value, None) if name in _JSON and value is not None else value for name, value in columns.items()
    ]
    rows = [lines, [entry]] if entry is not None else [lines]
    with repeated_cursor(connection) as cursor:
        cursor.execute(
            _end(tuple(columns), tuple(entry or ())),
            [*values, key, attempt, key, event[0], event[1], attempt, event[2], key, attempt, *map(as_json, rows)],
        )
        return bool(cursor.fetchone()[0])


@cache
def _end(columns: tuple[str, ...], entry: tuple[str, ...]) -> str:
    changes = ", ".join(f'"{_field(name).column}" = %s' for name in columns)
    insertion = insert_records(AuditEntry, entry, where="EXISTS (SELECT FROM moved)") if entry else ""
    audited = f", entry AS ({insertion})" if entry else ""
    return f"""
        WITH moved AS (
            UPDATE {_RUN} SET {changes} WHERE id = %s AND attempt = %s AND state = '{State.STARTED}' RETURNING id
        ), event AS (
            INSERT INTO {_EVENT} (run_id, kind, at, attempt, worker, detail) VALUES (%s, %s, %s, %s, '', %s)
        ), line AS (
            INSERT INTO {_LINE} (run_id, attempt, number, at, level, logger, message)
            SELECT %s, %s, number, at, level, logger, message
            FROM jsonb_to_recordset(%s::jsonb)
            AS line (number int, at timestamptz, level text, logger text, message text)
        ){audited}
        SELECT count(*) FROM moved
    """  # noqa: S608 (only names of tables and columns of the models)


def _field(name: str) -> Any:
    return Run._meta.get_field(name)
