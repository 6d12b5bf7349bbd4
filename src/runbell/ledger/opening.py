"""Inserting a run, its first event and its audit entry: together or not at all.

On PostgreSQL one statement does it, in one round trip instead of six; elsewhere a transaction does.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connections, models, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from runbell.models import AuditEntry, Event, Run


def insert(run: Run, event: Event, entry: AuditEntry) -> int:
    """Insert the three rows; return the run's primary key. ``event`` needs no run yet.

    Raises:
        django.db.IntegrityError: if a constraint forbids it; nothing is written then.
    """
    connection = connections[router.db_for_write(Run)]
    if connection.vendor != "postgresql":
        return _in_transaction(run, event, entry)
    if connection.in_atomic_block:
        with transaction.atomic(using=connection.alias):
            return _in_one_statement(connection, run, event, entry)
    return _in_one_statement(connection, run, event, entry)


def _in_transaction(run: Run, event: Event, entry: AuditEntry) -> int:
    with transaction.atomic():
        run.save(force_insert=True)
        event.run = run
        event.save(force_insert=True)
        entry.save(force_insert=True)
    return run.pk


def _in_one_statement(connection: BaseDatabaseWrapper, run: Run, event: Event, entry: AuditEntry) -> int:
    values = [*_values(run, connection), *_values(event, connection, but="run"), *_values(entry, connection)]
    with connection.cursor() as cursor:
        cursor.execute(_statement(), values)
        key: int = cursor.fetchone()[0]
    return key


@cache
def _statement() -> str:
    run, event, entry = _columns(Run), _columns(Event, but="run"), _columns(AuditEntry)
    return f"""
        WITH run AS (
            INSERT INTO {Run._meta.db_table} ({_names(run)}) VALUES ({_marks(run)}) RETURNING id
        ), event AS (
            INSERT INTO {Event._meta.db_table} ({_names(event)}, "run_id")
            VALUES ({_marks(event)}, (SELECT id FROM run))
        ), entry AS (
            INSERT INTO {AuditEntry._meta.db_table} ({_names(entry)}) VALUES ({_marks(entry)})
        )
        SELECT id FROM run
    """  # noqa: S608 (only names of tables and columns of the models)


@cache
def _columns(model: type[models.Model], but: str = "") -> tuple[models.Field[Any, Any], ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key and field.name != but)


def _values(row: models.Model, connection: BaseDatabaseWrapper, but: str = "") -> list[Any]:
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in _columns(type(row), but)]


def _names(fields: tuple[models.Field[Any, Any], ...]) -> str:
    return ", ".join(f'"{field.column}"' for field in fields)


def _marks(fields: tuple[models.Field[Any, Any], ...]) -> str:
    return ", ".join(["%s"] * len(fields))
