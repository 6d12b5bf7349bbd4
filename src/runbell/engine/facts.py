"""Facts on their way to the ledger: put down at once, written by a thread of their own.

Celery's signals fire inside a worker's event loop and the dispatcher publishes while a request waits; neither may wait
for the database. Both put what they saw here.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections import deque
from datetime import datetime

from django.db import DataError, connections
from django.utils import timezone

from runbell.actions import record
from runbell.actions.record import Observation
from runbell.engine import identity
from runbell.engine.quiet import QuietThread

logger = logging.getLogger(__name__)

MAX_WAITING = 10_000
"""How many facts may wait; beyond that the oldest are dropped, which a relay or a reaper makes good."""
MAX_TRIES = 5
MAX_ID = 255
"""How many characters a run's id has at most."""
PAUSE = 0.05
"""Seconds that facts are gathered before they are written."""
BATCH = 500
IDLE = 10.0
"""Seconds without facts after which the thread lets go of its database connection."""


class FactWriter:
    """Writes facts in the order they were put down, in batches, and tries again when the database refuses."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew, without touching what a parent process may own: its locks may have been copied while held."""
        self._waiting: deque[tuple[str, str | Observation, datetime]] = deque(maxlen=MAX_WAITING)
        self._wake = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._thread: threading.Thread | None = None
        self._pid = 0
        self._lock = threading.Lock()

    def published(self, run_id: str) -> None:
        """Put down that the broker took a run."""
        self._put("published", run_id)

    def received(self, run_id: str) -> None:
        """Put down that this worker holds a run for a free slot. An id that no run can have is passed over."""
        if "\x00" not in run_id and len(run_id) <= MAX_ID:
            self._put("received", run_id)

    def observed(self, observation: Observation) -> None:
        """Put down any other fact."""
        self._put("observed", observation)

    def flush(self, timeout: float) -> bool:
        """Wait until everything put down is written, at most ``timeout`` seconds; return whether it is."""
        if self._pid != os.getpid():
            return True  # nothing was put down in this process; a parent's facts are the parent's
        self._wake.set()
        return self._idle.wait(timeout)

    def _put(self, kind: str, what: str | Observation) -> None:
        with self._lock:
            if self._pid != os.getpid():
                self._start()
            self._waiting.append((kind, what, timezone.now()))
            self._idle.clear()
        self._wake.set()

    def _start(self) -> None:
        """Start the thread."""
        self._pid = os.getpid()
        self._thread = QuietThread(target=self._run, name="runbell-facts", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while True:
            if not self._wake.wait(IDLE):
                connections.close_all()
                self._wake.wait()
            time.sleep(PAUSE)
            self._wake.clear()
            self._drain()

    def _drain(self) -> None:
        """Write what there is now; what comes meanwhile is gathered again, or ever smaller batches followed on."""
        left = len(self._waiting)
        while left > 0 and (batch := self._take()):
            self._write(batch)
            left -= len(batch)
        with self._lock:
            (self._wake if self._waiting else self._idle).set()

    def _take(self) -> list[tuple[str, str | Observation, datetime]]:
        """Take the longest run of facts of one kind."""
        with self._lock:
            batch: list[tuple[str, str | Observation, datetime]] = []
            while self._waiting and len(batch) < BATCH and (not batch or self._waiting[0][0] == batch[0][0]):
                batch.append(self._waiting.popleft())
            return batch

    def _write(self, batch: list[tuple[str, str | Observation, datetime]]) -> None:
        for attempt in range(1, MAX_TRIES + 1):
            try:
                _record(batch)
            except DataError:
                self._write_one_by_one(batch)
                return
            except Exception:
                connections.close_all()
                if attempt == MAX_TRIES:
                    logger.exception("%d facts could not be written and are dropped", len(batch))
                    return
                time.sleep(0.2 * 2**attempt)
            else:
                return

    def _write_one_by_one(self, batch: list[tuple[str, str | Observation, datetime]]) -> None:
        """One of the batch is what no database can keep; it must not take the others with it."""
        for fact in batch:
            try:
                _record([fact])
            except Exception:
                connections.close_all()
                logger.exception("a fact could not be written and is dropped")


def _record(batch: list[tuple[str, str | Observation, datetime]]) -> None:
    kind = batch[0][0]
    times = {what: at for _, what, at in batch if isinstance(what, str)}
    if kind == "published":
        record.published(times)
    elif kind == "observed":
        for _, what, _ in batch:
            assert isinstance(what, Observation)
            record.observed(what, identity.claimant())
    else:
        record.received(times, identity.claimant())


writer = FactWriter()
"""This process's writer."""
os.register_at_fork(after_in_child=writer.forget)
atexit.register(writer.flush, 2.0)
