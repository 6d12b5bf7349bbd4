"""Inserting a run, its first event and its audit entry: together or not at all.

On PostgreSQL one statement does it, in one round trip instead of six, and threads that come while it is under way are
served together by the next one: a group commit, as databases do it for their logs. Elsewhere a transaction does it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import Error, connections, models, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from runbell.models import AuditEntry, Event, Run

MAX_GROUP = 32
"""How many runs one statement inserts."""


DETAIL_LENGTH = 500
"""How many characters an event's detail has."""


@dataclass(frozen=True)
class Opening:
    """What a run begins with. Its first event follows from it: that it came into its first state, and why."""

    run: Run
    entry: AuditEntry


def insert(opening: Opening, committed: Callable[[], None] | None = None) -> int:
    """Insert the three rows; return the run's primary key.

    Args:
        opening: the rows.
        committed: called once when they are there to stay, by whichever thread brought them there. It must not wait.

    Raises:
        django.db.IntegrityError: if a constraint forbids it; nothing is written then.
    """
    connection = connections[router.db_for_write(Run)]
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        return _group_of(connection.alias).insert(connection, opening, committed)
    key = _in_transaction(connection, opening)
    if committed is not None:
        transaction.on_commit(committed, using=connection.alias)
    return key


def insert_all(openings: list[Opening]) -> None:
    """Insert the rows of many runs, all or none, in the transaction under way or in one of their own.

    Raises:
        django.db.IntegrityError: if a constraint forbids one of them; nothing is written then.
    """
    connection = connections[router.db_for_write(Run)]
    with transaction.atomic(using=connection.alias):
        if connection.vendor == "postgresql":
            _in_one_statement(connection, openings)
            return
        runs = Run.objects.bulk_create([each.run for each in openings])
        Event.objects.bulk_create([_first_event(run) for run in runs])
        AuditEntry.objects.bulk_create([each.entry for each in openings])


class _Waiting:
    """An opening that waits for its group, and what became of it."""

    def __init__(self, opening: Opening, committed: Callable[[], None] | None) -> None:
        self.opening = opening
        self.done = False
        self._committed = committed
        self._key = 0
        self._error: BaseException | None = None
        self._turn = threading.Lock()
        self._turn.acquire()

    def succeed(self, key: int) -> None:
        """Note that the rows are there, and tell whom it concerns at once: its own thread may take a while to wake."""
        self.done, self._key = True, key
        if self._committed is not None:
            try:
                self._committed()
            except Exception as error:  # noqa: BLE001 (it is its own thread's, not that of who leads the group)
                self._error = error

    def fail(self, error: BaseException) -> None:
        self.done, self._error = True, error

    def sleep(self) -> None:
        self._turn.acquire()

    def wake(self) -> None:
        self._turn.release()

    def result(self) -> int:
        if self._error is not None:
            raise self._error
        return self._key


class _Group:
    """Whoever comes first inserts for all who came meanwhile. A thread that is alone waits for nobody."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._led = False
        self._waiting: list[_Waiting] = []

    def insert(self, connection: BaseDatabaseWrapper, opening: Opening, committed: Callable[[], None] | None) -> int:
        mine = _Waiting(opening, committed)
        with self._lock:
            self._waiting.append(mine)
            led, self._led = self._led, True
        if led:
            mine.sleep()
        if not mine.done:
            self._lead(connection)
        return mine.result()

    def _lead(self, connection: BaseDatabaseWrapper) -> None:
        """Insert for the first of those who wait, the caller among them, and leave the rest to the next of them."""
        with self._lock:
            group, self._waiting = self._waiting[:MAX_GROUP], self._waiting[MAX_GROUP:]
        try:
            self._insert(connection, group)
        finally:
            with self._lock:
                successor = self._waiting[0] if self._waiting else None
                self._led = successor is not None
            for waiting in group[1:]:
                waiting.wake()
            if successor is not None:
                successor.wake()

    def _insert(self, connection: BaseDatabaseWrapper, group: list[_Waiting]) -> None:
        try:
            keys = _in_one_statement(connection, [waiting.opening for waiting in group])
        except Error as error:
            self._insert_one_by_one(connection, group, error)
        except BaseException as error:  # noqa: BLE001 (nobody may be left waiting for an answer)
            for waiting in group:
                waiting.fail(error)
        else:
            for waiting, key in zip(group, keys, strict=True):
                waiting.succeed(key)

    def _insert_one_by_one(self, connection: BaseDatabaseWrapper, group: list[_Waiting], error: Error) -> None:
        """One of the group is forbidden, or the connection was lost: find out for each."""
        if len(group) == 1:
            group[0].fail(error)
            return
        for waiting in group:
            try:
                key = _in_one_statement(connection, [waiting.opening])[0]
            except BaseException as its_own:  # noqa: BLE001 (as above)
                waiting.fail(its_own)
            else:
                waiting.succeed(key)


@cache
def _group_of(alias: str) -> _Group:  # noqa: ARG001 (one group a database)
    return _Group()


def _in_transaction(connection: BaseDatabaseWrapper, opening: Opening) -> int:
    with transaction.atomic(using=connection.alias):
        if connection.vendor == "postgresql":
            return _in_one_statement(connection, [opening])[0]
        opening.run.save(force_insert=True)
        _first_event(opening.run).save(force_insert=True)
        opening.entry.save(force_insert=True)
    return opening.run.pk


def _first_event(run: Run) -> Event:
    return Event(run=run, kind=run.state, at=run.requested_at, detail=run.explanation[:DETAIL_LENGTH])


def _in_one_statement(connection: BaseDatabaseWrapper, openings: list[Opening]) -> list[int]:
    """Hand the rows over as two JSON documents: a statement of values would be written and quoted anew each time."""
    runs = json.dumps([record_of(each.run) for each in openings], default=text_of)
    entries = json.dumps([record_of(each.entry) for each in openings], default=text_of)
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [runs, entries])
        keys = dict(cursor.fetchall())
    return [keys[each.run.task_id] for each in openings]


@cache
def _statement() -> str:
    run, event, entry = Run._meta.db_table, Event._meta.db_table, AuditEntry._meta.db_table
    return f"""
        WITH run AS (
            INSERT INTO {run} ({names_of(Run)})
            SELECT {names_of(Run)} FROM jsonb_populate_recordset(NULL::{run}, %s::jsonb)
            RETURNING id, task_id, state, requested_at, explanation
        ), event AS (
            INSERT INTO {event} (run_id, kind, at, attempt, worker, detail)
            SELECT id, state, requested_at, 0, '', left(explanation, {DETAIL_LENGTH}) FROM run
        ), entry AS (
            INSERT INTO {entry} ({names_of(AuditEntry)})
            SELECT {names_of(AuditEntry)} FROM jsonb_populate_recordset(NULL::{entry}, %s::jsonb)
        )
        SELECT task_id, id FROM run
    """  # noqa: S608 (only names of tables and columns of the models)


@cache
def _columns(model: type[models.Model]) -> tuple[tuple[str, str], ...]:
    """Return the attribute and the column of each field but the generated key."""
    fields = (field for field in model._meta.concrete_fields if not field.primary_key)
    return tuple((field.attname, str(field.column)) for field in fields)


def names_of(model: type[models.Model]) -> str:
    """Return the columns of a model but its generated key, as a statement names them."""
    return ", ".join(f'"{column}"' for _, column in _columns(model))


def record_of(row: models.Model) -> dict[str, Any]:
    """Return the values of a row by column, but for its generated key."""
    values = row.__dict__
    return {column: values[attribute] for attribute, column in _columns(type(row))}


def text_of(value: object) -> str:
    """Return what JSON has no form for, as PostgreSQL reads it."""
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} has no JSON form")
