"""Documents and the history of their states. What may happen to them is in ``lifecycle``."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    """Where a version of a document stands."""

    DRAFT = "draft"
    PENDING_REVIEW = "pending_review"
    UNDER_REVIEW = "under_review"
    REVIEW_COMPLETED = "review_completed"
    PENDING_APPROVAL = "pending_approval"
    APPROVED_PENDING_EFFECTIVE = "approved_pending_effective"
    EFFECTIVE = "effective"
    SCHEDULED_FOR_OBSOLESCENCE = "scheduled_for_obsolescence"
    OBSOLETE = "obsolete"
    SUPERSEDED = "superseded"
    TERMINATED = "terminated"


IN_FORCE = (State.EFFECTIVE, State.SCHEDULED_FOR_OBSOLESCENCE)
"""People work by a document in one of these states; of one number, one version at most."""


class Document(models.Model):
    """One version of a controlled document. Its dates are dates at the site, midnight to midnight."""

    number = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=30, choices=State.choices, default=State.DRAFT)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="owned_documents")
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="approved_documents"
    )
    """Who approves it and is told when its owner does not act."""

    file_path = models.CharField(max_length=255)
    """Below ``settings.DOCUMENT_ROOT``."""
    file_size = models.PositiveBigIntegerField()
    file_sha256 = models.CharField(max_length=64)

    created_at = models.DateTimeField(auto_now_add=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    effective_date = models.DateField(null=True, blank=True)
    """The date that was approved. No task ever writes it."""
    effective_at = models.DateTimeField(null=True, blank=True)
    """The moment at which it really became effective."""
    obsolescence_date = models.DateField(null=True, blank=True)
    next_review_date = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("number", "version")
        constraints = (
            models.UniqueConstraint(fields=["number", "version"], name="documents_one_version"),
            models.UniqueConstraint(
                fields=["number"], condition=Q(state__in=IN_FORCE), name="documents_one_version_in_force"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="documents_state_known"),
        )
        indexes = (
            models.Index(fields=["state", "effective_date"], name="documents_effective"),
            models.Index(fields=["state", "obsolescence_date"], name="documents_obsolescence"),
            models.Index(fields=["state", "next_review_date"], name="documents_review"),
        )

    def __str__(self) -> str:
        return f"{self.number} v{self.version}"


class Transition(models.Model):
    """One change of a document's state."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="transitions")
    source = models.CharField(max_length=30, choices=State.choices)
    target = models.CharField(max_length=30, choices=State.choices)
    at = models.DateTimeField()
    by = models.CharField(max_length=255)
    """A user's name, or ``"system"`` for what happens by date."""
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ("at", "id")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"
