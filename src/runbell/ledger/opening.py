"""Inserting a run, its first event and its audit entry: together or not at all.

On PostgreSQL one statement does it, in one round trip instead of six, and threads that come while it is under way are
served together by the next one: a group commit, as databases do it for their logs. Elsewhere a transaction does it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import IntegrityError, connections, models, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from runbell.models import AuditEntry, Event, Run

MAX_GROUP = 32
"""How many runs one statement inserts."""


@dataclass(frozen=True)
class Opening:
    """The three rows that a run begins with. The event needs no run yet."""

    run: Run
    event: Event
    entry: AuditEntry


def insert(opening: Opening) -> int:
    """Insert the three rows; return the run's primary key.

    Raises:
        django.db.IntegrityError: if a constraint forbids it; nothing is written then.
    """
    connection = connections[router.db_for_write(Run)]
    if connection.vendor != "postgresql":
        return _in_transaction(opening)
    if connection.in_atomic_block:
        with transaction.atomic(using=connection.alias):
            return _in_one_statement(connection, [opening])[0]
    return _group_of(connection.alias).insert(connection, opening)


class _Waiting:
    """An opening that waits for its group, and what became of it."""

    def __init__(self, opening: Opening) -> None:
        self.opening = opening
        self.done = False
        self._key = 0
        self._error: BaseException | None = None

    def succeed(self, key: int) -> None:
        self.done, self._key = True, key

    def fail(self, error: BaseException) -> None:
        self.done, self._error = True, error

    def result(self) -> int:
        if self._error is not None:
            raise self._error
        return self._key


class _Group:
    """Whoever comes first inserts for all who came meanwhile. A thread that is alone waits for nobody."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._waiting: list[_Waiting] = []
        self._list = threading.Lock()

    def insert(self, connection: BaseDatabaseWrapper, opening: Opening) -> int:
        mine = _Waiting(opening)
        with self._list:
            self._waiting.append(mine)
        while not mine.done:
            with self._turn:
                if not mine.done:
                    self._insert_waiting(connection)
        return mine.result()

    def _insert_waiting(self, connection: BaseDatabaseWrapper) -> None:
        with self._list:
            group, self._waiting = self._waiting[:MAX_GROUP], self._waiting[MAX_GROUP:]
        try:
            keys = _in_one_statement(connection, [waiting.opening for waiting in group])
        except IntegrityError as error:
            self._insert_one_by_one(connection, group, error)
        except BaseException as error:  # noqa: BLE001 (nobody may be left waiting for an answer)
            for waiting in group:
                waiting.fail(error)
        else:
            for waiting, key in zip(group, keys, strict=True):
                waiting.succeed(key)

    def _insert_one_by_one(self, connection: BaseDatabaseWrapper, group: list[_Waiting], error: IntegrityError) -> None:
        """One of the group is forbidden: find out which."""
        if len(group) == 1:
            group[0].fail(error)
            return
        for waiting in group:
            try:
                waiting.succeed(_in_one_statement(connection, [waiting.opening])[0])
            except BaseException as its_own:  # noqa: BLE001 (as above)
                waiting.fail(its_own)


@cache
def _group_of(alias: str) -> _Group:  # noqa: ARG001 (one group a database)
    return _Group()


def _in_transaction(opening: Opening) -> int:
    with transaction.atomic():
        opening.run.save(force_insert=True)
        opening.event.run = opening.run
        opening.event.save(force_insert=True)
        opening.entry.save(force_insert=True)
    return opening.run.pk


def _in_one_statement(connection: BaseDatabaseWrapper, openings: list[Opening]) -> list[int]:
    values = [value for each in openings for value in _values(each.run, connection)]
    values += [value for each in openings for value in (each.run.task_id, *_values(each.event, connection, but="run"))]
    values += [value for each in openings for value in _values(each.entry, connection)]
    with connection.cursor() as cursor:
        cursor.execute(_statement(len(openings)), values)
        keys = dict(cursor.fetchall())
    return [keys[each.run.task_id] for each in openings]


@cache
def _statement(count: int) -> str:
    run, event, entry = _columns(Run), _columns(Event, but="run"), _columns(AuditEntry)
    key = "(SELECT id FROM run WHERE task_id = %s)"
    return f"""
        WITH run AS (
            INSERT INTO {Run._meta.db_table} ({_names(run)}) VALUES {_rows(run, count)} RETURNING task_id, id
        ), event AS (
            INSERT INTO {Event._meta.db_table} ("run_id", {_names(event)}) VALUES {_rows(event, count, first=key)}
        ), entry AS (
            INSERT INTO {AuditEntry._meta.db_table} ({_names(entry)}) VALUES {_rows(entry, count)}
        )
        SELECT task_id, id FROM run
    """  # noqa: S608 (only names of tables and columns of the models)


@cache
def _columns(model: type[models.Model], but: str = "") -> tuple[models.Field[Any, Any], ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key and field.name != but)


def _values(row: models.Model, connection: BaseDatabaseWrapper, but: str = "") -> list[Any]:
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in _columns(type(row), but)]


def _names(fields: tuple[models.Field[Any, Any], ...]) -> str:
    return ", ".join(f'"{field.column}"' for field in fields)


def _rows(fields: tuple[models.Field[Any, Any], ...], count: int, first: str = "") -> str:
    row = ", ".join([first] * bool(first) + ["%s"] * len(fields))
    return ", ".join([f"({row})"] * count)
