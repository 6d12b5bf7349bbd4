"""Which reminders were sent."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Reminder(models.Model):
    """One reminder to one person on one day; the constraint is what keeps a second one from being sent."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders")
    day = models.DateField()
    """The date at the site."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ("view",)
        constraints = (models.UniqueConstraint(fields=["recipient", "day"], name="notifications_one_reminder_a_day"),)

    def __str__(self) -> str:
        return f"{self.recipient} on {self.day}"
