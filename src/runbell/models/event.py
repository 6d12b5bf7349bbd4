"""One fact about a run."""

from __future__ import annotations

from django.db import models

from runbell.domain.states import Fact


class Event(models.Model):
    """One fact about a run, append-only. Its ascending id is the change feed."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey("runbell.Run", on_delete=models.CASCADE, related_name="events", db_index=False)
    kind = models.CharField(max_length=20, choices=[(fact.value, fact.value) for fact in Fact])
    at = models.DateTimeField()
    """When it happened, which may be long before it was written down."""
    attempt = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=255, blank=True, default="")
    detail = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=["run", "at", "id"], name="runbell_event_run"),)

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M:%S}"
