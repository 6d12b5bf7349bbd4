"""Which rows a rehearsal would have changed, read off the SQL that it sends.

Django's signals do not see ``QuerySet.update``, ``bulk_create`` or raw SQL; the statements do. Statements that are not
understood are counted by the rows they touched, without keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

from runbell.conf import settings

_STATEMENT = re.compile(r"\s*(INSERT|UPDATE|DELETE)(?:\s+OR\s+\w+)?(?:\s+(?:INTO|FROM))?\s+\"?(\w+)\"?", re.IGNORECASE)
_WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE)\s+(?:INTO\s+|FROM\s+)?\"?(\w+)\"?", re.IGNORECASE)
_COLUMNS = re.compile(r"INSERT (?:OR \w+ )?INTO \"\w+\" \(([^)]*)\)", re.IGNORECASE)
MAX_KEYS = 100_000
"""How many keys of one kind of change are told apart; beyond it rows are only counted."""

KINDS = {"INSERT": "created", "UPDATE": "updated", "DELETE": "deleted"}


@dataclass
class ModelChanges:
    """What happened to one table."""

    created: set[str] = field(default_factory=set)
    updated: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    unnamed: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, keys: Sequence[str], rows: int) -> None:
        """Count a statement: its keys where they are known, else its rows."""
        known: set[str] = getattr(self, kind)
        if keys and len(known) + len(keys) <= MAX_KEYS:
            known.update(keys)
        elif rows > 0:
            self.unnamed[kind] = self.unnamed.get(kind, 0) + rows

    def report(self, model: str) -> dict[str, Any]:
        """Return the net changes: what was created and changed again is created; created and deleted is nothing."""
        passing = self.created & self.deleted
        return {
            "model": model,
            "created": self._kind("created", self.created - passing),
            "updated": self._kind("updated", self.updated - self.created - self.deleted),
            "deleted": self._kind("deleted", self.deleted - passing),
        }

    def _kind(self, kind: str, keys: set[str]) -> dict[str, Any]:
        limit, unnamed = settings().REHEARSAL_KEYS, self.unnamed.get(kind, 0)
        shown = sorted(keys, key=lambda key: (len(key), key))[:limit]
        return {"count": len(keys) + unnamed, "keys": shown, "cut": len(keys) > limit or unnamed > 0}


class ChangeCapture:
    """An execute wrapper that notes what each statement would change on one connection."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._tables: dict[str, ModelChanges] = {}
        self._looking = False
        self._models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """Run a statement and note its changes."""
        match = None if self._looking else _STATEMENT.match(sql)
        if match is None:
            return self._run_unparsed(execute, sql, params, many, context)
        kind, table = KINDS[match[1].upper()], match[2]
        before = () if many else self._keys_before(kind, table, sql, params)
        result = execute(sql, params, many, context)
        keys = self._keys_created(table, sql, params, before, context) if kind == "created" and not many else before
        self._tables.setdefault(table, ModelChanges()).add(kind, keys, context["cursor"].rowcount)
        return result

    def report(self) -> list[dict[str, Any]]:
        """Return the changes per model, in the order of their names; tables without a model by their own."""
        named = {self._label(table): changes for table, changes in self._tables.items()}
        reports = [named[name].report(name) for name in sorted(named)]
        return [report for report in reports if any(report[kind]["count"] for kind in KINDS.values())]

    def _run_unparsed(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Run anything else; a write hidden inside a ``WITH`` is counted by its rows."""
        result = execute(sql, params, many, context)
        hidden = None if self._looking or sql.lstrip()[:4].upper() != "WITH" else _WRITES.search(sql)
        if hidden:
            kind = KINDS[hidden[1].upper()]
            self._tables.setdefault(hidden[2], ModelChanges()).add(kind, (), context["cursor"].rowcount)
        return result

    def _keys_before(self, kind: str, table: str, sql: str, params: Any) -> Sequence[str]:
        """Return the keys that an UPDATE or DELETE is about to touch; before an INSERT on SQLite, the last row id."""
        pk = self._pk_column(table)
        if pk is None or not isinstance(params, list | tuple):
            return ()
        if kind == "created":
            return self._look(f'SELECT MAX(rowid) FROM "{table}"', ()) if self._connection.vendor == "sqlite" else ()  # noqa: S608 (names of tables and columns, taken from the models)
        condition = _top_level_where(sql)
        if condition is None:
            return () if " WHERE " in sql else self._look(f'SELECT "{pk}" FROM "{table}"', ())  # noqa: S608 (names of tables and columns, taken from the models)
        skipped = _placeholders(sql[: len(sql) - len(condition)])
        return self._look(f'SELECT "{pk}" FROM "{table}" WHERE {condition}', params[skipped:])  # noqa: S608 (names of tables and columns, taken from the models)

    def _keys_created(self, table: str, sql: str, params: Any, before: Sequence[str], context: Any) -> Sequence[str]:
        pk = self._pk_column(table)
        columns = _COLUMNS.match(sql.lstrip())
        if pk is None or columns is None or not isinstance(params, list | tuple):
            return ()
        names = [name.strip().strip('"') for name in columns[1].split(",")]
        if pk in names:
            return _given_keys(params, names.index(pk), len(names))
        if self._connection.vendor == "sqlite":
            last = before[0] if before and before[0] != "None" else "0"
            return self._look(f'SELECT "{pk}" FROM "{table}" WHERE rowid > {int(last)}', ())  # noqa: S608 (names of tables and columns, taken from the models)
        return _returned_keys(context["cursor"].cursor)

    def _look(self, sql: str, params: Sequence[Any]) -> Sequence[str]:
        self._looking = True
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(sql, tuple(params))
                return [str(row[0]) for row in cursor.fetchmany(MAX_KEYS)]
        finally:
            self._looking = False

    def _pk_column(self, table: str) -> str | None:
        model = self._models.get(table)
        return model._meta.pk.column if model is not None else None

    def _label(self, table: str) -> str:
        model = self._models.get(table)
        return model._meta.label if model is not None else table


def _given_keys(params: Sequence[Any], index: int, width: int) -> Sequence[str]:
    if len(params) == width and isinstance(params[index], list):
        return [str(key) for key in params[index]]
    return [str(key) for key in params[index::width]] if len(params) % width == 0 else ()


def _returned_keys(cursor: Any) -> Sequence[str]:
    """Read what RETURNING gave and rewind, so that Django can read it as well."""
    if cursor.description is None:
        return ()
    keys = [str(row[0]) for row in cursor.fetchall()]
    cursor.scroll(0, mode="absolute")
    return keys


def _placeholders(sql: str) -> int:
    return sql.replace("%%", "").count("%s")


def _top_level_where(sql: str) -> str | None:
    """Return what follows the WHERE of an UPDATE or DELETE itself, None where there is none or it is not plain."""
    depth, quote, upper = 0, "", sql.upper()
    for position, character in enumerate(sql):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif depth == 0 and upper.startswith((" WHERE ", " FROM ", " RETURNING "), position):
            if upper.startswith(" WHERE ", position) and " RETURNING " not in upper[position:]:
                return sql[position + len(" WHERE ") :]
            if not upper.startswith("DELETE FROM", position - 6):
                return None
    return None
