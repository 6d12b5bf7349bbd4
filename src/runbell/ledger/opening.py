"""Inserting a run, its first event and its audit entry: together or not at all.

On PostgreSQL one statement does it, in one round trip instead of six, for all that are inserted at the same time
(``groups``). Elsewhere a transaction does it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from runbell.ledger.records import Record, as_json, insert_records
from runbell.ledger.repeated import repeated_cursor
from runbell.models import AuditEntry, Event, Run

DETAIL_LENGTH = 500
"""How many characters an event's detail has."""


@dataclass(frozen=True)
class Opening:
    """What a run begins with. Its first event follows from it: that it came into its first state, and why."""

    run: Record
    entry: Record


def insert_all(openings: list[Opening]) -> None:
    """Insert the rows of many runs, all or none, in the transaction under way or in one of their own.

    Raises:
        django.db.IntegrityError: if a constraint forbids one of them; nothing is written then.
    """
    connection = connections[router.db_for_write(Run)]
    with transaction.atomic(using=connection.alias):
        if connection.vendor == "postgresql":
            in_one_statement(connection, openings)
            return
        runs = Run.objects.bulk_create([Run(**each.run) for each in openings])
        Event.objects.bulk_create([_first_event(run) for run in runs])
        AuditEntry.objects.bulk_create([AuditEntry(**each.entry) for each in openings])


def in_transaction(connection: BaseDatabaseWrapper, opening: Opening) -> int:
    """Insert the three rows as part of the transaction under way, or in one of their own; return the run's key."""
    with transaction.atomic(using=connection.alias):
        if connection.vendor == "postgresql":
            return in_one_statement(connection, [opening])[0]
        run = Run.objects.create(**opening.run)
        _first_event(run).save(force_insert=True)
        AuditEntry.objects.create(**opening.entry)
    return run.pk


def _first_event(run: Run) -> Event:
    return Event(run=run, kind=run.state, at=run.requested_at, detail=run.explanation[:DETAIL_LENGTH])


def in_one_statement(connection: BaseDatabaseWrapper, openings: list[Opening]) -> list[int]:
    """Insert the rows of many runs; return the keys of the runs."""
    if not openings:
        return []
    statement = _statement(tuple(openings[0].run), tuple(openings[0].entry))
    with repeated_cursor(connection) as cursor:
        cursor.execute(statement, [as_json(each.run for each in openings), as_json(each.entry for each in openings)])
        keys = dict(cursor.fetchall())
    return [keys[each.run["task_id"]] for each in openings]


@cache
def _statement(run: tuple[str, ...], entry: tuple[str, ...]) -> str:
    return f"""
        WITH run AS (
            {insert_records(Run, run)}
            RETURNING id, task_id, state, requested_at, explanation
        ), event AS (
            INSERT INTO {Event._meta.db_table} (run_id, kind, at, attempt, worker, detail)
            SELECT id, state, requested_at, 0, '', left(explanation, {DETAIL_LENGTH}) FROM run
        ), entry AS (
            {insert_records(AuditEntry, entry)}
        )
        SELECT task_id, id FROM run
    """  # noqa: S608 (only names of tables and columns of the models)
