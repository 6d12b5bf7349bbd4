"""A pool's child that was forked at a bad moment is of no use, and makes room for another one.

SQLite keeps in the memory of a process which of its threads holds the lock of a database's one writer. A child that is
forked while a thread of the worker's main process writes inherits that the lock is held, and nobody in it will ever let
go: each of its own attempts to write would fail.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from contextlib import closing
from typing import Any

from billiard.pool import EX_RECYCLE
from django.db import DEFAULT_DB_ALIAS, connections

from runbell.engine import identity

logger = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds that a child tries to get the lock; Celery kills one that has not reported after 4."""


def leave_if_forked_while_the_parent_wrote() -> None:
    """Return if this child can write the database; else end it. Nothing where the database is no SQLite file."""
    database: Any = connections[DEFAULT_DB_ALIAS]
    if os.getpid() == identity.main_process() or database.vendor != "sqlite" or database.is_in_memory_db():
        return
    if not _can_write(str(database.settings_dict["NAME"])):
        logger.warning("process %d was forked while its parent wrote, and could never write; it ends", os.getpid())
        os._exit(EX_RECYCLE)


def _can_write(file: str) -> bool:
    with closing(sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return False
    return True
