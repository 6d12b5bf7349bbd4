"""Dropping indexes that Django makes by itself and nobody reads: each is written to at every change of a row."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Field, Model

_PREFIXES = "_like"


class DropIndexOfPrefixes(Operation):
    """Drops what Django adds on PostgreSQL to a unique text, to find texts by their beginning.

    The model goes on to say ``unique=True``, which the other index sees to. Needs a migration with ``atomic = False``.
    """

    atomic = False
    reversible = True

    def __init__(self, model_name: str, name: str) -> None:
        self.model_name, self.name = model_name, name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing: the state does not know of such indexes."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002 (Django passes it)
        to_state: ProjectState,
    ) -> None:
        """Drop it."""
        found = self._field(app_label, schema_editor, to_state)
        if found is not None:
            _drop(schema_editor, *found, suffix=_PREFIXES)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002 (Django passes it)
        to_state: ProjectState,
    ) -> None:
        """Build it again."""
        found = self._field(app_label, schema_editor, to_state)
        if found is not None:
            _build(schema_editor, schema_editor._create_like_index_sql(*found))  # type: ignore[attr-defined]  # noqa: SLF001 (Django's own way to it)

    def describe(self) -> str:
        """Say what it does."""
        return f"Drop the index of prefixes of {self.model_name}.{self.name}"

    def _field(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState
    ) -> tuple[type[Model], Field[Any, Any]] | None:
        model = state.apps.get_model(app_label, self.model_name)
        connection = schema_editor.connection
        if connection.vendor != "postgresql" or not self.allow_migrate_model(connection.alias, model):
            return None
        return model, model._meta.get_field(self.name)


class DropIndexOfReference(migrations.AlterField):
    """Drops a foreign key's index and leaves the key alone: Django would check the key of every row anew."""

    atomic = False

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002 (Django passes it)
        to_state: ProjectState,
    ) -> None:
        """Drop it."""
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            _drop(schema_editor, model, model._meta.get_field(self.name))

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002 (Django passes it)
        to_state: ProjectState,
    ) -> None:
        """Build it again."""
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            field = model._meta.get_field(self.name)
            _build(schema_editor, schema_editor._create_index_sql(model, fields=[field]))  # type: ignore[attr-defined]  # noqa: SLF001 (as above)


def _drop(
    schema_editor: BaseDatabaseSchemaEditor, model: type[Model], field: Field[Any, Any], suffix: str = ""
) -> None:
    name = schema_editor._create_index_name(model._meta.db_table, [field.column], suffix=suffix)  # type: ignore[attr-defined]  # noqa: SLF001 (as above)
    schema_editor.execute(f"DROP INDEX{_concurrently(schema_editor)} IF EXISTS {schema_editor.quote_name(name)}")


def _build(schema_editor: BaseDatabaseSchemaEditor, statement: object) -> None:
    made = f"CREATE INDEX{_concurrently(schema_editor)}"
    schema_editor.execute(str(statement).replace("CREATE INDEX", made, 1))


def _concurrently(schema_editor: BaseDatabaseSchemaEditor) -> str:
    return " CONCURRENTLY" if schema_editor.connection.vendor == "postgresql" else ""
