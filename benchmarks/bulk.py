"""Filling a table of PostgreSQL fast, so that what it looks like afterwards is what years of use make of it.

Indexes of all rows are made anew afterwards instead of kept up, several connections work at once, and nothing waits for
the disk while it lasts. Everything is as it was before and on the disk when it ends.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg

HANDS = 2
"""How many connections work at once."""
Statement = tuple[str, Sequence[Any]]
_SESSION = (
    "SET synchronous_commit = off; SET session_replication_role = replica; SET maintenance_work_mem = '1GB';"
    "SET max_parallel_maintenance_workers = 0"
)
"""As a replica it does not look again for the run that each event is of."""
_SERVER = ("fsync = off", "full_page_writes = off", "max_wal_size = '32GB'", "checkpoint_timeout = '1h'")
_FULL_INDEXES = """
    SELECT index.relname, pg_get_indexdef(index.oid), key.contype
    FROM pg_index JOIN pg_class index ON index.oid = indexrelid
    LEFT JOIN pg_constraint key ON key.conindid = indexrelid AND key.contype IN ('p', 'u')
    WHERE indrelid = %s::regclass AND indpred IS NULL AND key.contype IS DISTINCT FROM 'p'
    ORDER BY length(pg_get_indexdef(index.oid)) DESC
"""
"""The widest come first: with a small one at the end the hands are done at about the same time."""


def work(url: str, statements: Sequence[Statement]) -> None:
    """Execute statements, several at once, each in a transaction of its own."""
    with ThreadPoolExecutor(HANDS) as hands:
        list(hands.map(lambda statement: _execute(url, *statement), statements))


@contextmanager
def loading(url: str, table: str) -> Iterator[None]:
    """Fill a table inside."""
    with psycopg.connect(url, autocommit=True) as connection, _without_the_disk(connection):
        found = connection.execute(_FULL_INDEXES, [table]).fetchall()
        keys = [name for name, _, kind in found if kind]
        for name, _, kind in found:
            _do(connection, f'ALTER TABLE {table} DROP CONSTRAINT "{name}"' if kind else f'DROP INDEX "{name}"')
        yield
        work(url, [(definition, ()) for _, definition, _ in found])
        for name in keys:
            _do(connection, f'ALTER TABLE {table} ADD CONSTRAINT "{name}" UNIQUE USING INDEX "{name}"')


@contextmanager
def _without_the_disk(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Let the server wait for no disk; wait for it once in the end, so that nobody who measures then does."""
    for setting in _SERVER:
        _do(connection, f"ALTER SYSTEM SET {setting}")
    _do(connection, "SELECT pg_reload_conf()")
    try:
        yield
    finally:
        _do(connection, "ALTER SYSTEM RESET ALL")
        _do(connection, "SELECT pg_reload_conf()")
        _do(connection, "CHECKPOINT")
        os.sync()


def _execute(url: str, statement: str, parameters: Sequence[Any]) -> None:
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        _do(connection, _SESSION)
        _do(connection, statement, parameters)


def _do(connection: psycopg.Connection[Any], statement: str, parameters: Sequence[Any] = ()) -> None:
    connection.execute(statement.encode(), parameters or None)
