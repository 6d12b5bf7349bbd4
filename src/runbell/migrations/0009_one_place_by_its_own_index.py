"""Take the place of a run out of the index that held all runs without one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("runbell", "0008_fewer_and_smaller_indexes")]

    operations = [
        migrations.AlterField(model_name="run", name="overlap_key", field=models.CharField(max_length=255, null=True)),
    ]
