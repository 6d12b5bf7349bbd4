"""Whether the ledger's database answers."""

from __future__ import annotations

from django.db import connections

from runbell.models import Run


def ping_ledger() -> None:
    """Return if the database answers.

    Raises:
        django.db.Error: if it does not.
    """
    with connections[Run.objects.db].cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
