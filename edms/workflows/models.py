"""Workflows: who has to do what on which document, and by when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from edms.documents.models import Document


class Kind(models.TextChoices):
    """What has to be done."""

    REVIEW = "review"
    APPROVAL = "approval"
    PERIODIC_REVIEW = "periodic_review"


class Status(models.TextChoices):
    """Whether it still has to be done."""

    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Workflow(models.Model):
    """One piece of work on one document."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="workflows")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="workflows")
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="managed_workflows"
    )
    """Who is told when the assignee does not act."""
    due_date = models.DateField()
    """The last date at the site on which it is in time."""
    created_at = models.DateTimeField(auto_now_add=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["document", "kind"], condition=Q(status=Status.OPEN), name="workflows_one_open_of_a_kind"
            ),
        )
        indexes = (models.Index(fields=["status", "due_date"], name="workflows_due"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.document}"
