"""A thread that leads group inserts where no thread waits."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue

from django.db import Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper

logger = logging.getLogger(__name__)

IDLE = 10.0
"""Seconds without work after which the thread lets go of its connection."""
CHECK_AFTER = 1.0
"""Seconds without work after which that connection is tried before it is used."""


class Scribe:
    """The thread of one group.

    Args:
        alias: the database that it writes to.
        lead: inserts for all who wait, with the connection that it is given. It must not raise.
    """

    def __init__(self, alias: str, lead: Callable[[BaseDatabaseWrapper], None]) -> None:
        self._alias, self._lead = alias, lead
        self._calls: SimpleQueue[None] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def is_there(self) -> bool:
        """Return whether the thread runs, and start it if it does not."""
        if self._thread is not None and self._thread.is_alive():
            return True
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = self._started()
        return self._thread is not None

    def lead(self) -> None:
        """Have the thread lead. Only if it ``is_there``."""
        self._calls.put(None)

    def _started(self) -> threading.Thread | None:
        thread = threading.Thread(target=self._run, name="runbell-scribe", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            logger.exception("the thread that writes runs down could not be started")
            return None
        return thread

    def _run(self) -> None:
        connection = connections[self._alias]
        while True:
            self._prepare(connection)
            self._lead(connection)
            try:
                connection.close_if_unusable_or_obsolete()
            except Error:
                logger.exception("a connection could not be closed")

    def _prepare(self, connection: BaseDatabaseWrapper) -> None:
        """Wait for a call; then see that the connection, if there is one, lives."""
        began = time.monotonic()
        try:
            self._calls.get(timeout=IDLE)
        except Empty:
            _close(connection)
            self._calls.get()
        if time.monotonic() - began > CHECK_AFTER and connection.connection and not connection.is_usable():
            _close(connection)


def _close(connection: BaseDatabaseWrapper) -> None:
    try:
        connection.close()
    except Error:
        logger.exception("a connection could not be closed")
