"""Database connections that a worker keeps from run to run."""

from __future__ import annotations

import time
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TRUSTED = 1.0
"""Seconds after its last use for which a connection is taken to live. Asking it each time takes a quarter of what a
short run costs; one that died meanwhile is found out by the claim, which is tried again."""

_used: WeakKeyDictionary[BaseDatabaseWrapper, float] = WeakKeyDictionary()


def refresh(ledger: str) -> None:
    """Close the connections of this thread that have died or are too old; the next use opens them anew.

    Nobody but us looks at a kept connection before a run begins. Django asks those that it checks at their first use.

    Args:
        ledger: the database of whose use :func:`note_use` is told.
    """
    now = time.monotonic()
    connection: Any  # its stubs do not know of health checks
    for connection in connections.all(initialized_only=True):
        connection.close_if_unusable_or_obsolete()
        if connection.alias == ledger and now - _used.get(connection, 0.0) < TRUSTED:
            connection.health_check_done = True


def note_use(ledger: str) -> None:
    """Note that this thread's connection to a database has just answered."""
    _used[connections[ledger]] = time.monotonic()
