"""One worker process and what it said last."""

from __future__ import annotations

from django.db import models


class Worker(models.Model):
    """One start of a worker, by the heartbeat of its ticker."""

    instance = models.CharField(max_length=32, primary_key=True)
    """Made anew at every start, so that a restarted worker is not mistaken for the one that died."""
    name = models.CharField(max_length=255)
    pid = models.PositiveIntegerField()
    pool = models.CharField(max_length=40)
    slots = models.PositiveIntegerField()
    queues = models.JSONField(default=list)
    tasks = models.JSONField(default=list)
    """Full Celery paths of the registered tasks."""
    active = models.JSONField(default=list)
    """Run ids that occupy slots."""
    reserved = models.JSONField(default=list)
    """Run ids taken from the broker that wait for a slot."""
    versions = models.JSONField(default=dict)
    clock_offset_ms = models.IntegerField(default=0)
    """Database clock minus worker clock, milliseconds."""
    started_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField(db_index=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
