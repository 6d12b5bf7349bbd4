"""When tickers were at work."""

from __future__ import annotations

from django.db import models


class TickerSpan(models.Model):
    """A time during which some ticker reached the database without a pause. Between two of them nobody kept time."""

    id = models.BigAutoField(primary_key=True)
    since = models.DateTimeField()
    until = models.DateTimeField(db_index=True)
    tried_since = models.DateTimeField()
    """Since when the ticker that began it had tried; long before ``since`` if the database could not be reached."""

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d %H:%M:%S} to {self.until:%Y-%m-%d %H:%M:%S}"
