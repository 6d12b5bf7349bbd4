"""What attempts say while they run: log lines and progress, bounded and throttled.

They are written by one thread of the process with a connection of its own, never on the task's: the task may be inside
a transaction that will be rolled back, and what it said must stay. Most attempts are over before the thread comes by;
what they said is written together with how they ended.
"""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime
from logging import LogRecord
from typing import Any

from django.db import Error, connections

from runbell.actions import record
from runbell.actions.record import Claim, Log
from runbell.conf import settings
from runbell.domain.jsonable import clean_text
from runbell.engine.quiet import QuietThread

SOON = 0.1
"""Seconds after which an attempt's first words are written, unless it has ended; also how often the thread looks."""
IDLE = 10.0
"""Seconds without attempts that say something after which the thread lets go of its connection."""


class Recorder:
    """Gathers what an attempt says.

    Args:
        claim: the attempt.
        deferred: whether to keep everything back until ``close``; a rehearsal may hold locks that the writer needs.
    """

    def __init__(self, claim: Claim, *, deferred: bool = False) -> None:
        self.cancel_requested = self.stale = False
        self._claim = claim
        self._lines: list[dict[str, Any]] = []
        self._progress: tuple[int, int | None, str] | None = None
        self._said = 0
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._awaited = not deferred
        self._write_at = 0.0

    def log(self, entry: LogRecord) -> None:
        """Keep a log record, unless as many were kept as are allowed; those are counted."""
        with self._lock:
            self._said += 1
            if self._said <= settings().LOG_LINES:
                self._lines.append(_line(self._said, entry))
        self._await_the_thread()

    def progress(self, done: int, total: int | None, message: str) -> None:
        """Keep how far the run is; only the last word is written."""
        with self._lock:
            self._progress = (done, total, message)
        self._await_the_thread()

    def close(self) -> Log:
        """Write the last word on progress; return the rest of the log, for whoever writes how the attempt ended."""
        _rounds.leave(self)
        with self._writing:
            if self._progress is not None:
                self._note(*self._progress)
                self._progress = None
            return Log(tuple(self._lines), max(0, self._said - settings().LOG_LINES))

    def write_if_due(self, now: float) -> None:
        """Write what was said meanwhile, if the attempt still goes on and its time has come.

        Args:
            now: monotonic seconds.
        """
        if now < self._write_at or not self._writing.acquire(blocking=False):
            return
        try:
            if _rounds.has(self):
                self._write()
        finally:
            self._writing.release()
        self._write_at = time.monotonic() + settings().PROGRESS_INTERVAL

    def _await_the_thread(self) -> None:
        if self._awaited:
            self._awaited = False
            self._write_at = time.monotonic() + SOON
            _rounds.join(self)

    def _write(self) -> None:
        with self._lock:
            lines, self._lines = self._lines, []
            progress, self._progress = self._progress, None
        try:
            if progress is not None:
                self._note(*progress)
                progress = None
            if lines:
                record.keep_log(self._claim, lines, 0)
        except Error:
            self._put_back(lines, progress)
            connections.close_all()

    def _note(self, done: int, total: int | None, message: str) -> None:
        word = record.note_progress(self._claim, done, total, message)
        self.cancel_requested, self.stale = word.cancel_requested, self.stale or not word.counts

    def _put_back(self, lines: list[dict[str, Any]], progress: tuple[int, int | None, str] | None) -> None:
        """Keep what could not be written for the next time; a later word on progress stands."""
        with self._lock:
            self._lines = [*lines, *self._lines]
            self._progress = self._progress or progress


class _Rounds:
    """The thread that comes by at every attempt that says something. It is started when it is needed."""

    def __init__(self) -> None:
        self._pid = 0
        self._forget()

    def _forget(self) -> None:
        """Begin anew, without touching what a parent process may own."""
        self._recorders: set[Recorder] = set()
        self._lock = threading.Lock()
        self._wake = threading.Event()

    def join(self, recorder: Recorder) -> None:
        """Come by from now on."""
        if self._pid != os.getpid():
            self._forget()
            self._pid = os.getpid()
            QuietThread(target=self._run, name="runbell-recorder", daemon=True).start()
        with self._lock:
            self._recorders.add(recorder)
            if not self._wake.is_set():
                self._wake.set()

    def leave(self, recorder: Recorder) -> None:
        """Come by no more."""
        with self._lock:
            self._recorders.discard(recorder)

    def has(self, recorder: Recorder) -> bool:
        """Return whether its attempt still goes on."""
        return recorder in self._recorders

    def _run(self) -> None:
        while True:
            if not self._wake.wait(IDLE):
                connections.close_all()
                self._wake.wait()
            time.sleep(SOON)
            for recorder in self._present():
                recorder.write_if_due(time.monotonic())

    def _present(self) -> list[Recorder]:
        with self._lock:
            if not self._recorders:
                self._wake.clear()
            return list(self._recorders)


_rounds = _Rounds()


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
