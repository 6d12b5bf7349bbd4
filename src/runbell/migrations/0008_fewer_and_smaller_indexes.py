"""Leave runs out of indexes in which nobody looks for them, and find what an actor seldom did among all that he did."""

from django.db import migrations, models
from django.db.models import F, Func, Q
from django.db.models.deletion import SET_NULL

from runbell.migrations._needless import DropIndexOfPrefixes, DropIndexOfReference
from runbell.migrations._without_lock import AddIndexWithoutLock, AddUniqueWithoutLock, Analyze, RemoveIndexWithoutLock


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("runbell", "0007_runs_of_a_task_by_whom")]

    operations = [
        DropIndexOfPrefixes("run", "task_id"),
        DropIndexOfPrefixes("auditentry", "signature"),
        AddIndexWithoutLock(
            model_name="run",
            index=models.Index(F("retry_of"), condition=Q(retry_of__isnull=False), name="runbell_run_retries"),
        ),
        DropIndexOfReference(
            model_name="run",
            name="retry_of",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=SET_NULL, related_name="retries", to="runbell.run"
            ),
        ),
        AddUniqueWithoutLock(
            model_name="run",
            constraint=models.UniqueConstraint(
                fields=["overlap_key"], condition=Q(overlap_key__isnull=False), name="runbell_run_one_place"
            ),
        ),
        AddIndexWithoutLock(
            model_name="run",
            index=models.Index(
                Func(
                    F("trigger"),
                    F("actor"),
                    template="(%(expressions)s)",
                    arg_joiner=" || ' ' || ",
                    output_field=models.TextField(),
                ),
                F("requested_at").desc(),
                F("id").desc(),
                name="runbell_run_asked",
            ),
        ),
        RemoveIndexWithoutLock(model_name="run", name="runbell_run_actor"),
        Analyze("run"),
    ]
