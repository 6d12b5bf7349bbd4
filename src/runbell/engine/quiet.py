"""Threads that take no signals, so that those of their process reach its main thread.

Celery's pool has a child that ends block SIGTERM in its main thread while it tells so, for it holds a lock then that
all children share. A signal to the process goes to any thread that does not block it: with one beside the main thread
the child was killed with the lock in its hands, and the worker stood still for good.
"""

from __future__ import annotations

import signal
import threading


class QuietThread(threading.Thread):
    """A thread that blocks every signal from its first moment on, where the system knows of that."""

    def start(self) -> None:
        """Start it; it inherits what its starter blocks meanwhile."""
        if not hasattr(signal, "pthread_sigmask"):
            super().start()
            return
        before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
