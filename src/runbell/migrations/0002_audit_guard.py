"""Make audit entries append-only in the database itself."""

from django.db import migrations

from runbell.migrations import _audit_guard


def install(apps, schema_editor):
    _audit_guard.install(schema_editor.connection)


def remove(apps, schema_editor):
    _audit_guard.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("runbell", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
