"""Which rows a rehearsal would have changed, read off the SQL that it sends.

Django's signals do not see ``QuerySet.update``, ``bulk_create`` or raw SQL; the statements do. Statements that are not
understood are counted by the rows they touched, without keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from runbell.conf import settings

_STATEMENT = re.compile(
    r"\s*(INSERT|UPDATE|DELETE)(?:\s+OR\s+\w+)?(?:\s+(?:INTO|FROM))?(?:\s+ONLY)?\s+\"?(\w+)\"?", re.IGNORECASE
)
_WRITES = re.compile(
    r"^\s*(?:WITH\b.*?\b)?(INSERT|UPDATE|DELETE|TRUNCATE)\s+(?:INTO\s+|FROM\s+|TABLE\s+|ONLY\s+)*\"?(\w+)\"?",
    re.IGNORECASE | re.DOTALL,
)
_COMMENTS = re.compile(r"^(?:\s*(?:--[^\n]*\n|/\*.*?\*/))+", re.DOTALL)
_COLUMNS = re.compile(r"INSERT (?:OR \w+ )?INTO \"\w+\" \(([^)]*)\)", re.IGNORECASE)
MAX_KEYS = 100_000
"""How many keys of one kind of change are told apart; beyond it rows are only counted."""

KINDS = {"INSERT": "created", "UPDATE": "updated", "DELETE": "deleted", "TRUNCATE": "deleted"}


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
        bare = _COMMENTS.sub("", sql)
        match = None if self._looking else _STATEMENT.match(bare)
        if match is None or bare != sql:
            return self._run_unparsed(execute, sql, params, many, context)
        kind, table = KINDS[match[1].upper()], match[2]
        before = () if many else self._keys_before(kind, table, sql, params)
        result = execute(sql, params, many, context)
        keys = self._keys_created(table, sql, params, before, context) if kind == "created" and not many else before
        self._note(table, kind, keys, context["cursor"].rowcount)
        return result

    def _note(self, table: str, kind: str, keys: Sequence[str], rows: int) -> None:
        """Keep the keys if they are as many as the rows that the database says it touched; else only the number.

        Of an INSERT whose answer was not read yet SQLite says none.
        """
        complete = len(keys) >= rows if kind == "created" else len(keys) == rows
        trusted = keys if rows < 0 or complete else ()
        self._tables.setdefault(table, ModelChanges()).add(kind, trusted, rows)

    def report(self) -> list[dict[str, Any]]:
        """Return the changes per model, in the order of their names; tables without a model by their own."""
        named = {self._label(table): changes for table, changes in self._tables.items()}
        reports = [named[name].report(name) for name in sorted(named)]
        return [report for report in reports if any(report[kind]["count"] for kind in KINDS.values())]

    def _run_unparsed(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Run anything else; a write in it (behind a comment, inside a ``WITH``) is counted by its rows."""
        result = execute(sql, params, many, context)
        hidden = None if self._looking else _WRITES.search(_COMMENTS.sub("", sql))
        if hidden:
            self._note(hidden[2], KINDS[hidden[1].upper()], (), context["cursor"].rowcount)
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
            return () if _CLAUSE.search(sql) else self._look(f'SELECT "{pk}" FROM "{table}"', ())  # noqa: S608 (names of tables and columns, taken from the models)
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
        """Ask for keys; a question that the statement's form made wrong has no answer and does no harm."""
        self._looking = True
        try:
            with self._harmless(), self._connection.cursor() as cursor:
                cursor.execute(sql, tuple(params))
                return [str(row[0]) for row in cursor.fetchmany(MAX_KEYS + 1)]
        except DatabaseError:
            return ()
        finally:
            self._looking = False

    def _harmless(self) -> AbstractContextManager[Any]:
        """Return a savepoint where a failed question would spoil the transaction: on all but SQLite, which has none to
        give while an INSERT's answer is not read.
        """
        if self._connection.vendor == "sqlite":
            return nullcontext()
        return transaction.atomic(using=self._connection.alias)

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


_CLAUSE = re.compile(r"\s+(WHERE|FROM|RETURNING|USING)\s+", re.IGNORECASE)


def _top_level_where(sql: str) -> str | None:
    """Return what follows the WHERE of an UPDATE or DELETE itself; None where there is none or it is not plain."""
    clauses = [match for match in _CLAUSE.finditer(sql) if _is_top_level(sql, match.start())]
    kinds = [match[1].upper() for match in clauses]
    if kinds in (["WHERE"], ["FROM", "WHERE"]) and (kinds[0] == "WHERE" or sql[:6].upper() == "DELETE"):
        return sql[clauses[-1].end() :]
    return None


def _is_top_level(sql: str, end: int) -> bool:
    """Return whether a place is outside of parentheses and quotes."""
    outside = _QUOTED.sub("", sql[:end])
    return outside.count("'") % 2 == outside.count('"') % 2 == 0 and outside.count("(") == outside.count(")")


_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
