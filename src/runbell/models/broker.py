"""What the tickers know of the broker."""

from __future__ import annotations

from django.db import models


class Broker(models.Model):
    """What the broker said when a ticker last asked it. There is one row, and one ticker at a time that asks."""

    name = models.CharField(max_length=40, primary_key=True)
    checked_at = models.DateTimeField()
    unreachable_since = models.DateTimeField(null=True)
    """When it was first found unreachable; null while it answers."""
    depths = models.JSONField(default=dict)
    """How many messages waited in each queue when it was last asked; empty while it cannot be asked."""

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
