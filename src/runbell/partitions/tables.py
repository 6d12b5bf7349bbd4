"""From a plain table to one that is divided by the month of ``at``, and back.

What is there becomes the first partition as it is: no row is moved. Only the last step locks the table, and changes
nothing but names.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

TABLES = ("runbell_event", "runbell_logline")
"""What is many and only added to. Runs stay together: a run id, an occurrence, an idempotency key must be unique among
all of them, and PostgreSQL can promise that only within one partition."""
BEFORE = "before"
REST = "rest"
AHEAD = timedelta(days=7)
"""How far beyond now the first partition reaches at least: no row is written into its month while it is made."""


def is_divided(cursor: CursorWrapper, table: str) -> bool:
    """Return whether the table has partitions."""
    cursor.execute("SELECT relkind = 'p' FROM pg_class WHERE oid = to_regclass(%s)", [table])
    row = cursor.fetchone()
    return bool(row and row[0])


def first_of_next_month(moment: datetime) -> datetime:
    """Return midnight UTC of the first day of the month after that moment's."""
    year, month = divmod(moment.year * 12 + moment.month, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)


def divide(connection: BaseDatabaseWrapper, now: datetime) -> None:
    """Divide the tables; what is divided already stays as it is. Call it outside of any transaction."""
    with connection.cursor() as cursor:
        for table in TABLES:
            if not is_divided(cursor, table):
                _prepare(cursor, table, first_of_next_month(now + AHEAD))
                with transaction.atomic(using=connection.alias):
                    _swap(cursor, table, first_of_next_month(now + AHEAD))


def unite(connection: BaseDatabaseWrapper) -> None:
    """Make plain tables again. All rows are copied, and nobody can write meanwhile."""
    with connection.cursor() as cursor:
        for table in TABLES:
            if is_divided(cursor, table):
                with transaction.atomic(using=connection.alias):
                    _unite(cursor, table)


def _prepare(cursor: CursorWrapper, table: str, boundary: datetime) -> None:
    """Do what takes long: show that all rows are of before the boundary, and index them by what partitions need."""
    for statement in (
        f"DROP TABLE IF EXISTS {table}_months",
        f"CREATE TABLE {table}_months (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY RANGE (at)",
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{BEFORE} CHECK (at < '{boundary.isoformat()}') NOT VALID",
        f"ALTER TABLE {table} VALIDATE CONSTRAINT {table}_{BEFORE}",
        f"CREATE UNIQUE INDEX CONCURRENTLY {table}_{BEFORE}_unique ON {table} (id, at)",
    ):
        cursor.execute(statement)


def _swap(cursor: CursorWrapper, table: str, boundary: datetime) -> None:
    """Put the divided table in the place of the plain one, which becomes its first partition."""
    cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
    indexes, keys, last = _indexes(cursor, table), _foreign_keys(cursor, table), _last_id(cursor, table)
    before = f"{table}_{BEFORE}"
    for statement in (
        f"ALTER TABLE {table} RENAME TO {before}",
        f"ALTER TABLE {table}_months RENAME TO {table}",
        f"ALTER TABLE {before} ADD CONSTRAINT {before}_unique UNIQUE USING INDEX {before}_unique",
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_unique UNIQUE (id, at)",
        *(f"ALTER INDEX {name} RENAME TO {name}_{BEFORE}" for name in indexes),
        *indexes.values(),
        *(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}" for name, definition in keys.items()),
        f"ALTER TABLE {before} ALTER COLUMN id DROP IDENTITY",
        f"CREATE SEQUENCE {table}_id_seq AS bigint START {last + 1}",
        f"ALTER TABLE {table} ALTER COLUMN id SET DEFAULT nextval('{table}_id_seq')",
        f"ALTER SEQUENCE {table}_id_seq OWNED BY {table}.id",
        f"ALTER TABLE {table} ATTACH PARTITION {before} FOR VALUES FROM (MINVALUE) TO ('{boundary.isoformat()}')",
        f"ALTER TABLE {before} DROP CONSTRAINT {before}",
        f"CREATE TABLE {table}_{REST} PARTITION OF {table} DEFAULT",
    ):
        cursor.execute(statement)


def _unite(cursor: CursorWrapper, table: str) -> None:
    cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
    indexes, keys, last = _indexes(cursor, table), _foreign_keys(cursor, table), _last_id(cursor, table)
    for statement in (
        f"CREATE TABLE {table}_whole (LIKE {table} INCLUDING CONSTRAINTS)",
        f"INSERT INTO {table}_whole SELECT * FROM {table}",
        f"DROP TABLE {table}",
        f"ALTER TABLE {table}_whole RENAME TO {table}",
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_pkey PRIMARY KEY (id)",
        f"ALTER TABLE {table} ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (START WITH {last + 1})",
        *(definition.replace(" ON ONLY ", " ON ") for definition in indexes.values()),
        *(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}" for name, definition in keys.items()),
    ):
        cursor.execute(statement)


def _indexes(cursor: CursorWrapper, table: str) -> dict[str, str]:
    """Return the indexes that no constraint stands on, by name, as statements that make them."""
    cursor.execute(
        "SELECT relname, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
        " WHERE indrelid = %s::regclass AND NOT indisunique",
        [table],
    )
    return dict(cursor.fetchall())


def _foreign_keys(cursor: CursorWrapper, table: str) -> dict[str, str]:
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
        [table],
    )
    return dict(cursor.fetchall())


def _last_id(cursor: CursorWrapper, table: str) -> int:
    """Return the highest id that was ever given out."""
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
    (sequence,) = cursor.fetchone()
    cursor.execute(f"SELECT last_value - CASE WHEN is_called THEN 0 ELSE 1 END FROM {sequence}")
    (last,) = cursor.fetchone()
    return int(last)
