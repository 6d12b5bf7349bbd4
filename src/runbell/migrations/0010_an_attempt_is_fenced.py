"""Let an event tell that a worker ended an attempt which no longer counted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runbell", "0009_one_place_by_its_own_index"),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("ACCEPTED", "ACCEPTED"),
                    ("RELEASED", "RELEASED"),
                    ("QUEUED", "QUEUED"),
                    ("RETURNED", "RETURNED"),
                    ("PUBLISH_FAILED", "PUBLISH_FAILED"),
                    ("RECEIVED", "RECEIVED"),
                    ("STARTED", "STARTED"),
                    ("RETRY", "RETRY"),
                    ("SUCCESS", "SUCCESS"),
                    ("PARTIAL", "PARTIAL"),
                    ("FAILURE", "FAILURE"),
                    ("CANCEL_REQUESTED", "CANCEL_REQUESTED"),
                    ("REVOKED", "REVOKED"),
                    ("EXPIRED", "EXPIRED"),
                    ("LOST", "LOST"),
                    ("DUPLICATE_REFUSED", "DUPLICATE_REFUSED"),
                    ("FENCED", "FENCED"),
                    ("MISSED", "MISSED"),
                    ("SKIPPED", "SKIPPED"),
                ],
                max_length=20,
            ),
        ),
    ]
