"""Divide events and log lines by month."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

from runbell.partitions import months, tables


def divide(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    connection = schema_editor.connection
    if connection.vendor == "postgresql":
        tables.divide(connection, timezone.now())
        months.extend(connection, timezone.now())


def unite(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        tables.unite(schema_editor.connection)


class Migration(migrations.Migration):
    atomic = False  # the long steps hold no lock that anybody waits for, and so cannot be in one transaction
    dependencies = [("runbell", "0002_audit_guard")]
    operations = [migrations.RunPython(divide, unite)]
