"""A worker that is stopped in the middle of a transaction must not keep all others waiting for its locks."""

from __future__ import annotations

import threading
from typing import Any

from django.db.backends.signals import connection_created

OUR_THREADS = "runbell-"
"""How the names of Runbell's own threads begin. What a task does with its connection is the task's."""
IDLE_IN_TRANSACTION_MS = 5_000
"""Milliseconds after which PostgreSQL gives up a session that says nothing in the middle of a transaction."""


def leave_no_locks_behind() -> None:
    """Have PostgreSQL end the transactions of Runbell's threads whose process has stopped."""
    connection_created.connect(_on_connection, weak=False, dispatch_uid="runbell-sessions")


def _on_connection(connection: Any = None, **_: Any) -> None:
    ours = connection.vendor == "postgresql" and threading.current_thread().name.startswith(OUR_THREADS)
    if ours and not connection.settings_dict["OPTIONS"].get("pool"):  # where a task may get the same session
        with connection.cursor() as cursor:
            cursor.execute(f"SET idle_in_transaction_session_timeout = {IDLE_IN_TRANSACTION_MS}")
