"""Queries that are asked at every request, compiled once.

Half of what such a query costs is Django's writing of its SQL, which is the same every time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.db.models.query import QuerySet, get_related_populators
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=models.Model)


class CompiledLookup(Generic[Row]):
    """Finds one row by one value, which ``query`` must compare with the text ``"?"``.

    Args:
        query: makes the queryset; called once for each database.
    """

    def __init__(self, query: Callable[[], QuerySet[Row]]) -> None:
        self._make = query

    def find(self, value: str) -> Row | None:
        """Return the row, or None."""
        plan = self._plan
        with connections[plan.alias].cursor() as cursor:
            cursor.execute(plan.sql, [value])
            rows = cursor.fetchmany(1)
        return next((plan.build(row) for row in plan.compiler.results_iter([rows])), None)

    @cached_property
    def _plan(self) -> _Plan[Row]:
        return _Plan(self._make())


class _Plan(Generic[Row]):
    """The compiled query, and how a row of its answer becomes an instance; the same that Django does at every query."""

    def __init__(self, queryset: QuerySet[Row]) -> None:
        self.alias = queryset.db
        self.compiler: SQLCompiler = queryset.query.get_compiler(self.alias)
        self.sql, params = self.compiler.as_sql()
        if tuple(params) != ("?",):
            raise ValueError(f"a compiled lookup takes one value, not {params}")
        info: Any = self.compiler.klass_info
        first, last = info["select_fields"][0], info["select_fields"][-1] + 1
        select: Any = self.compiler.select
        self._columns = slice(first, last)
        self._names = [column.target.attname for column, _, _ in select[self._columns]]
        self._model: type[Row] = info["model"]
        populators: Any = get_related_populators  # its stubs are for a later Django
        self._related = populators(info, select, self.alias)

    def build(self, row: Sequence[Any]) -> Row:
        instance = self._model.from_db(self.alias, self._names, row[self._columns])
        for related in self._related:
            related.populate(row, instance)
        return instance
