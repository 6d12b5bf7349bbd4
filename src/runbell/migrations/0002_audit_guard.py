"""Make audit entries append-only in the database itself."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from runbell.migrations import _audit_guard


def install(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _audit_guard.install(schema_editor.connection)


def remove(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _audit_guard.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("runbell", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
