"""Twenty tickers with clocks up to five seconds apart. One of them is killed every fifth of a second, and replaced."""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
from datetime import timedelta

import django

TICKERS = int(sys.argv[1])
KILL_EVERY = 0.2
SKEW = 2.5
"""Seconds that a clock is ahead or behind at most."""


def tick_for_ever(skew: float) -> None:
    """Be a ticker whose clock is wrong by so many seconds."""
    from django.utils import timezone  # noqa: PLC0415 (only now is Django set up)

    from runbell.actions.tick import Ticker  # noqa: PLC0415

    right = timezone.now
    timezone.now = lambda: right() + timedelta(seconds=skew)
    ticker = Ticker()
    while True:
        ticker.tick()
        threading.Event().wait(0.2)


def fork() -> int:
    """Start one more ticker; return its process id."""
    skew = random.uniform(-SKEW, SKEW)
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        tick_for_ever(skew)
    return pid


def kill(pid: int) -> None:
    """End one ticker at once."""
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def main() -> None:
    """Run until asked to end."""
    from runbell.catalog import catalog  # noqa: PLC0415

    len(catalog)
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    tickers = [fork() for _ in range(TICKERS)]
    while not over.wait(KILL_EVERY):
        kill(tickers.pop(random.randrange(len(tickers))))
        tickers.append(fork())
    for pid in tickers:
        kill(pid)


django.setup()
main()
