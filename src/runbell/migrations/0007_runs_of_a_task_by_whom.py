"""Let the index of a task's runs tell by what and by whom they were asked for."""

from django.db import migrations, models

from runbell.migrations._without_lock import AddIndexWithoutLock, RemoveIndexWithoutLock


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("runbell", "0006_the_line_before_a_place")]

    operations = [
        AddIndexWithoutLock(
            model_name="run",
            index=models.Index(
                models.F("task_name"),
                models.OrderBy(models.F("requested_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                models.F("dry_run"),
                models.F("state"),
                models.F("task_id"),
                models.F("trigger"),
                models.F("actor"),
                name="runbell_run_of_task",
            ),
        ),
        RemoveIndexWithoutLock(model_name="run", name="runbell_run_task"),
    ]
