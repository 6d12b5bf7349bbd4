"""Who did what, when, from where and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from django.db import models
from django.db.models import F, Q


class AuditEntry(models.Model):
    """One thing that somebody did. Append-only: the database itself refuses to change or delete it.

    An entry is signed when it is written and sealed into the chain by the ticker shortly after; until then ``sequence``
    is null. See ``runbell.domain.chain``.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=40)
    actor = models.CharField(max_length=255)
    actor_name = models.CharField(max_length=255)
    task_id = models.CharField(max_length=255, blank=True, default="")
    task_name = models.CharField(max_length=255, blank=True, default="")
    description = models.CharField(max_length=200)
    field_changes = models.JSONField(default=dict)
    ip_address = models.CharField(max_length=45, blank=True, default="")
    user_agent = models.CharField(max_length=255, blank=True, default="")
    signature = models.CharField(max_length=64, unique=True)
    """HMAC of the content, made when it was written; unique, so that an old entry cannot be put in again."""

    sequence = models.BigIntegerField(null=True, unique=True)
    previous_hash = models.CharField(max_length=64, blank=True, default="")
    hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        default_permissions = ("view",)
        indexes = (
            models.Index(F("at").desc(), F("id").desc(), name="runbell_audit_recent"),
            models.Index(F("actor"), F("at").desc(), F("id").desc(), name="runbell_audit_actor"),
            models.Index(F("action"), F("at").desc(), F("id").desc(), name="runbell_audit_action"),
            models.Index(fields=["task_id"], condition=~Q(task_id=""), name="runbell_audit_run"),
            models.Index(F("task_name"), F("at").desc(), F("id").desc(), name="runbell_audit_task"),
            models.Index(fields=["id"], condition=Q(sequence__isnull=True), name="runbell_audit_unsealed"),
        )

    def __str__(self) -> str:
        return f"{self.action} by {self.actor}"

    @property
    def content(self) -> dict[str, Any]:
        """What is signed and sealed."""
        return content_of(self.__dict__)


CONTENT = (
    "at", "action", "actor", "actor_name", "task_id", "task_name", "description", "field_changes", "ip_address",
    "user_agent",
)  # fmt: skip
"""The fields that are signed and sealed."""


def content_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is signed and sealed of an entry, from the values of its fields."""
    content = {name: values[name] for name in CONTENT}
    content["at"] = values["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return content


class AuditHead(models.Model):
    """The end of the chain, one row: what shows that nothing was cut off it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        constraints = (models.CheckConstraint(condition=Q(id=1), name="runbell_audithead_one"),)

    def __str__(self) -> str:
        return f"{self.sequence}: {self.hash}"

    @property
    def content(self) -> bytes:
        """What is signed."""
        return f"{self.sequence}:{self.hash}".encode()
