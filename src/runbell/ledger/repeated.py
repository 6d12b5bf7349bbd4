"""Statements that come again with every run, for which PostgreSQL may keep the plan."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def repeated_cursor(connection: BaseDatabaseWrapper) -> Iterator[Any]:
    """Open a cursor for a statement that reads no table, or finds its one row by a unique index however many there are.

    Where the connection's ``prepare_threshold`` says that it may, PostgreSQL plans such a statement once. Others must
    be planned each time: the best plan for a small table is the worst for a large one.

    Args:
        connection: to a PostgreSQL database.
    """
    checked: Any = connection  # its stubs do not know of health checks
    checked.close_if_health_check_failed()
    connection.ensure_connection()
    raw: Any = connection.connection
    if raw.prepare_threshold is None:
        with connection.cursor() as cursor:
            yield cursor
        return
    import psycopg  # noqa: PLC0415 (only who uses PostgreSQL has it)

    with connection.wrap_database_errors, psycopg.Cursor(raw) as cursor:
        yield cursor
