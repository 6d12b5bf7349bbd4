"""When a task falls due next."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Schedule(models.Model):
    """The memory of one schedule: what it says, and the next moment that nobody has claimed yet."""

    name = models.CharField(max_length=255, primary_key=True)
    task_name = models.CharField(max_length=255, db_index=True)
    kind = models.CharField(max_length=10)
    expression = models.CharField(max_length=255)
    time_zone = models.CharField(max_length=64)
    params = models.JSONField(default=dict)
    fires = models.BooleanField(default=True)
    """Whether the ticker fires it."""
    next_due_at = models.DateTimeField()
    last_due_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=["next_due_at"], condition=Q(fires=True), name="runbell_schedule_due"),)

    def __str__(self) -> str:
        return f"{self.name}: {self.expression} {self.time_zone}"
