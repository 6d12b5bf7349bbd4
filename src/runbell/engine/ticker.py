"""The ticker: a thread in every worker's main process that does, once a second, everything that is due."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

from django.db import connections

from runbell.actions.sample_backlogs import sample_backlogs
from runbell.actions.tick import Ticker
from runbell.conf import get_dispatcher, settings
from runbell.engine.waiting import explain

logger = logging.getLogger(__name__)

STOP_WITHIN = 5.0
"""Seconds that a stopping worker waits for the tick under way."""


class Vitals(Protocol):
    """What says that a worker lives."""

    def beat(self) -> int:
        """Say so."""
        ...

    def leave(self) -> None:
        """Note that it is about to stop."""
        ...

    def stopped(self) -> None:
        """Say that it stopped on purpose."""
        ...


class Beat:
    """A thread that calls a function at a steady pace until it is stopped; a failing call never stops the next."""

    def __init__(self, name: str, call: Callable[[], object], interval: float) -> None:
        self._call, self._interval = call, interval
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the call under way, or after ``STOP_WITHIN`` seconds."""
        self._stop.set()
        self._thread.join(STOP_WITHIN)

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                began = time.monotonic()
                self._attempt()
                self._stop.wait(max(0.05, self._interval - (time.monotonic() - began)))
        finally:
            connections.close_all()

    def _attempt(self) -> None:
        try:
            self._call()
        except Exception:
            logger.exception("%s failed; it is tried again in %g s", self._thread.name, self._interval)
            connections.close_all()


class WorkerTicker:
    """The ticker of one worker: heartbeat and tick in one thread, the project's backlog probes in another.

    A probe is the project's code and may hang; it must not hold up the clock.
    """

    def __init__(self, vitals: Vitals) -> None:
        self._vitals = vitals
        self._beats = (
            Beat("runbell-heartbeat", self._vitals.beat, settings().TICK_INTERVAL),
            Beat("runbell-ticker", Ticker(explain).tick, settings().TICK_INTERVAL),
            Beat("runbell-backlogs", sample_backlogs, settings().BACKLOG_INTERVAL),
        )

    def start(self) -> None:
        """Start the threads."""
        for beat in self._beats:
            beat.start()

    def leave(self) -> None:
        """Note that the worker is about to stop: what it does not run goes back at the next heartbeat."""
        self._vitals.leave()

    def stop(self) -> None:
        """Stop the threads and say that the worker stopped on purpose."""
        for beat in self._beats:
            beat.stop()
        try:
            self._vitals.stopped()
        except Exception:
            logger.exception("the worker's stop could not be written down; its heartbeat will tell")
        finally:
            connections.close_all()
            get_dispatcher().close()


_running: list[WorkerTicker] = []


def start_in_worker(vitals: Vitals) -> None:
    """Start the ticker of this worker."""
    ticker = WorkerTicker(vitals)
    _running.append(ticker)
    ticker.start()


def leave_worker() -> None:
    """Note that this worker is about to stop, if its ticker runs."""
    for ticker in _running:
        ticker.leave()


def stop_in_worker() -> None:
    """Stop the ticker of this worker, if it runs."""
    while _running:
        _running.pop().stop()
