"""One line that a run logged."""

from __future__ import annotations

from django.db import models


class LogLine(models.Model):
    """One line that a run logged."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey("runbell.Run", on_delete=models.CASCADE, related_name="log_lines", db_index=False)
    number = models.PositiveIntegerField()
    attempt = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    level = models.CharField(max_length=20)
    logger = models.CharField(max_length=255)
    message = models.TextField()

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=["run", "attempt", "number"], name="runbell_logline_run"),)

    def __str__(self) -> str:
        return self.message
