"""How much work waits for a task."""

from __future__ import annotations

from django.db import models


class BacklogSample(models.Model):
    """What a task's backlog probe said last."""

    task_name = models.CharField(max_length=255, primary_key=True)
    count = models.PositiveBigIntegerField(default=0)
    oldest_at = models.DateTimeField(null=True)
    measured_at = models.DateTimeField()
    error = models.TextField(blank=True, default="")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.task_name}: {self.count}"
