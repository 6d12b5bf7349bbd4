"""What lets a program in."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ApiToken(models.Model):
    """One API token. The secret itself is shown once and kept nowhere."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="runbell_tokens")
    name = models.CharField(max_length=100, blank=True, default="")
    prefix = models.CharField(max_length=12, unique=True)
    """The part that may be shown and logged."""
    digest = models.CharField(max_length=64)
    """SHA-256 of the whole token: enough for 256 random bits, which nobody can guess."""
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=255)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        permissions = (("manage_tokens", "Can manage API tokens"),)

    def __str__(self) -> str:
        return f"{self.prefix}…"
