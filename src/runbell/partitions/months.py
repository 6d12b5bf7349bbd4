"""The months of divided tables: made before they begin, dropped when nothing is left in them."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import OperationalError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from runbell.partitions.tables import REST, TABLES, first_of_next_month, is_divided

logger = logging.getLogger(__name__)

MONTHS_AHEAD = 12
"""How many months there are partitions for; what comes later still waits in the default partition."""
PATIENCE = "50ms"
"""How long a change of partitions waits for those who use the table, and holds up those who come after it."""

_BOUND = "substring(pg_get_expr(relpartbound, oid) FROM 'TO \\(''([^'']+)''\\)')::timestamptz"
_PARTITIONS = f"""
    SELECT relname, {_BOUND} FROM pg_class
    WHERE oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = %s::regclass) AND relname <> %s
    ORDER BY 2
"""


def extend(connection: BaseDatabaseWrapper, now: datetime) -> int:
    """Make the partitions of coming months that are missing; return how many. Nothing, where nothing is divided."""
    made = 0
    with connection.cursor() as cursor:
        for table in TABLES:
            if is_divided(cursor, table):
                made += _patiently(cursor, [_make(table, start) for start in _missing(cursor, table, now)])
    return made


def drop_empty(connection: BaseDatabaseWrapper, before: datetime) -> int:
    """Drop the partitions of before that moment which hold no row; return how many. Their space is free at once."""
    dropped = 0
    with connection.cursor() as cursor:
        for table in TABLES:
            if is_divided(cursor, table):
                old = [name for name, end in _partitions(cursor, table) if end <= before and _is_empty(cursor, name)]
                dropped += _patiently(cursor, [[f"DROP TABLE {name}"] for name in old])
    return dropped


def _missing(cursor: CursorWrapper, table: str, now: datetime) -> list[datetime]:
    """Return the beginnings of the months from the last partition's end on."""
    ends = [end for _, end in _partitions(cursor, table)]
    start = ends[-1] if ends else first_of_next_month(now)
    last = now
    for _ in range(MONTHS_AHEAD):
        last = first_of_next_month(last)
    starts = []
    while start <= last:
        starts.append(start)
        start = first_of_next_month(start)
    return starts


def _partitions(cursor: CursorWrapper, table: str) -> list[tuple[str, datetime]]:
    """Return the partitions but the default one, oldest first: name, and the moment at which each ends."""
    cursor.execute(_PARTITIONS, [table, f"{table}_{REST}"])
    return list(cursor.fetchall())


def _make(table: str, start: datetime) -> list[str]:
    """Return what makes a month's partition, with the rows of it that came before it was made."""
    name, end = f"{table}_{start:%Y_%m}", first_of_next_month(start)
    inside = f"at >= '{start.isoformat()}' AND at < '{end.isoformat()}'"
    return [
        f"CREATE TABLE {name} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)",
        f"WITH early AS (DELETE FROM {table}_{REST} WHERE {inside} RETURNING *) INSERT INTO {name} SELECT * FROM early",
        f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ('{start.isoformat()}') TO ('{end.isoformat()}')",
    ]


def _is_empty(cursor: CursorWrapper, table: str) -> bool:
    cursor.execute(f"SELECT NOT EXISTS (SELECT FROM {table})")
    return bool(cursor.fetchone()[0])


def _patiently(cursor: CursorWrapper, changes: list[list[str]]) -> int:
    """Make each change in a transaction of its own; return how many were made.

    The first that would hold others up is left for the next time, and those after it.
    """
    for number, statements in enumerate(changes):
        try:
            with transaction.atomic(using=cursor.db.alias):
                cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
                for statement in statements:
                    cursor.execute(statement)
        except OperationalError as error:
            logger.info("the partitions of months are left as they are for now: %s", error)
            return number
    return len(changes)
