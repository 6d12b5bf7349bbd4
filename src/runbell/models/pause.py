"""What is held back, by whom and why."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from runbell.domain.pauses import Missed, Scope


class Pause(models.Model):
    """One pause of one task, a category or all tasks. It goes when the moments it held back are accounted for."""

    id = models.BigAutoField(primary_key=True)
    scope = models.CharField(max_length=10, choices=[(scope.value, scope.value) for scope in Scope])
    target = models.CharField(max_length=255, blank=True, default="")
    """The task's name or the category; empty for all tasks."""
    reason = models.TextField()
    actor = models.CharField(max_length=255)
    actor_name = models.CharField(max_length=255)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    """When it ends by itself; null if somebody must end it."""
    ended_at = models.DateTimeField(null=True)
    missed = models.CharField(
        max_length=10, choices=[(choice.value, choice.value) for choice in Missed], default="skip"
    )
    """What becomes of the moments that fell due meanwhile."""

    class Meta:
        default_permissions = ()
        permissions = (("pause_task", "Can pause and resume tasks"),)
        constraints = (
            models.UniqueConstraint(
                fields=["scope", "target"], condition=Q(ended_at__isnull=True), name="runbell_pause_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.scope} {self.target}: {self.reason}"
