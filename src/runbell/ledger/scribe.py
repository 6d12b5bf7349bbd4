"""A thread that leads group inserts where no thread waits."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

logger = logging.getLogger(__name__)

IDLE = 10.0
"""Seconds without work after which the thread lets go of its connection."""
CHECK_AFTER = 1.0
"""Seconds without work after which that connection is tried before it is used."""


class Scribe:
    """The thread of one group. It is started when it is needed.

    Args:
        alias: the database that it writes to.
        lead: inserts for some of those who wait, with the connection that it is given.
    """

    def __init__(self, alias: str, lead: Callable[[BaseDatabaseWrapper], None]) -> None:
        self._alias, self._lead = alias, lead
        self._calls: SimpleQueue[None] = SimpleQueue()
        self._started = False

    def lead(self) -> None:
        """Have the thread lead one group."""
        if not self._started:
            self._started = True
            threading.Thread(target=self._run, name="runbell-scribe", daemon=True).start()
        self._calls.put(None)

    def _run(self) -> None:
        connection = connections[self._alias]
        while True:
            began = time.monotonic()
            try:
                self._calls.get(timeout=IDLE)
            except Empty:
                connection.close()
                self._calls.get()
            if time.monotonic() - began > CHECK_AFTER and connection.connection and not connection.is_usable():
                connection.close()
            try:
                self._lead(connection)
            except Exception:
                logger.exception("a group of runs could not be told what became of it")
            connection.close_if_unusable_or_obsolete()
