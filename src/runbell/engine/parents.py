"""Children that end with their worker, and not sooner.

Celery has the kernel kill a pool's child when the thread ends that forked it. In the pool for brokers without an event
loop, such as a folder, that is a thread which ends as soon as the worker is asked to: a child that had taken the place
of another one was killed in the middle of its run.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress

from billiard.util import set_pdeathsig  # type: ignore[attr-defined] # the stubs lack it

from runbell.engine import identity
from runbell.engine.quiet import QuietThread

LOOK_EVERY = 1.0
"""Seconds between two looks at whether the worker's main process lives."""
MAIN_THREAD = "MainThread"


def end_with_the_main_process() -> None:
    """Have this child live as long as its worker's main process, whichever thread of it forked the child."""
    if os.getpid() == identity.main_process() or threading.main_thread().name == MAIN_THREAD:
        return
    with suppress(OSError):  # only Linux has it, and only there has Celery asked for it
        set_pdeathsig(0)
    QuietThread(target=_watch, args=(identity.main_process(),), name="runbell-parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGKILL)
