"""What one attempt says while it runs: log lines and progress, bounded and throttled.

They are written by a thread with a connection of its own, never on the task's: the task may be inside a transaction
that will be rolled back, and what it said must stay. The thread is started only when there is something to write.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from logging import LogRecord
from typing import Any

from django.db import Error, connections

from runbell.actions import record
from runbell.actions.record import Claim, Log
from runbell.conf import settings
from runbell.domain.jsonable import clean_text

SOON = 0.1
"""Seconds after which an attempt's first words are written, unless it has ended: most are over sooner, and a connection
of the thread's own costs more than everything else that is written of them."""


class Recorder:
    """Gathers what an attempt says.

    Args:
        claim: the attempt.
        deferred: whether to keep everything back until ``finish``; a rehearsal may hold locks that the writer needs.
    """

    def __init__(self, claim: Claim, *, deferred: bool = False) -> None:
        self.cancel_requested = False
        self._claim = claim
        self._deferred = deferred
        self._lines: list[dict[str, Any]] = []
        self._progress: tuple[int, int | None, str] | None = None
        self._said = 0
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def log(self, entry: LogRecord) -> None:
        """Keep a log record, unless as many were kept as are allowed; those are counted."""
        with self._lock:
            self._said += 1
            if self._said <= settings().LOG_LINES:
                self._lines.append(_line(self._said, entry))
        self._wake()

    def progress(self, done: int, total: int | None, message: str) -> None:
        """Keep how far the run is; only the last word is written."""
        with self._lock:
            self._progress = (done, total, message)
        self._wake()

    def finish(self) -> None:
        """Write what is left. Call it outside of the task's transactions."""
        self._stop()
        self._write(final=True)

    def close(self) -> Log:
        """Write the last word on progress; return the rest of the log, for whoever writes how the attempt ended."""
        self._stop()
        if self._progress is not None:
            self.cancel_requested = record.note_progress(self._claim, *self._progress)
            self._progress = None
        return Log(tuple(self._lines), max(0, self._said - settings().LOG_LINES))

    def _stop(self) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()

    def _wake(self) -> None:
        with self._lock:
            if self._deferred or self._thread is not None or self._done.is_set():
                return
            self._thread = threading.Thread(target=self._run, name="runbell-recorder", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        """Write soon, then every so often, until the attempt ends. A short one is left to ``finish``."""
        if self._done.wait(SOON):
            return
        try:
            while True:
                self._write(final=False)
                if self._done.wait(settings().PROGRESS_INTERVAL):
                    return
        finally:
            connections.close_all()

    def _write(self, *, final: bool) -> None:
        with self._writing:
            with self._lock:
                lines, self._lines = self._lines, []
                progress, self._progress = self._progress, None
                cut = max(0, self._said - settings().LOG_LINES) if final else 0
            try:
                if progress is not None:
                    self.cancel_requested = record.note_progress(self._claim, *progress)
                    progress = None
                if lines or cut:
                    record.keep_log(self._claim, lines, cut)
            except Error:
                self._put_back(lines, progress)
                if final:
                    raise
                connections.close_all()

    def _put_back(self, lines: list[dict[str, Any]], progress: tuple[int, int | None, str] | None) -> None:
        """Keep what could not be written for the next time; a later word on progress stands."""
        with self._lock:
            self._lines = [*lines, *self._lines]
            self._progress = self._progress or progress


def _line(number: int, entry: LogRecord) -> dict[str, Any]:
    return {
        "number": number,
        "at": datetime.fromtimestamp(entry.created, UTC),
        "level": entry.levelname[:20],
        "logger": clean_text(entry.name, 255),
        "message": clean_text(_text(entry), settings().LOG_LINE_LENGTH),
    }


def _text(entry: LogRecord) -> str:
    try:
        return entry.getMessage()
    except (TypeError, ValueError) as error:
        return f"{entry.msg} (its arguments do not fit: {error})"
