"""Doing several things at the same moment: in threads, or in processes that may be killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence

from django.db import connections

Deed = Callable[[], object]


def together(deeds: Sequence[Deed]) -> None:
    """Do all at the same moment, each in a thread with a database connection of its own; fail if one fails."""
    barrier, failures = threading.Barrier(len(deeds)), list[Exception]()

    def do(deed: Deed) -> None:
        barrier.wait()
        try:
            deed()
        except Exception as error:  # noqa: BLE001 (told by the thread that waits)
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=do, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def in_processes(deeds: Sequence[Deed]) -> list[int]:
    """Do all at the same moment, each in a process of its own; return how each ended, -9 for one that was killed."""
    connections.close_all()  # a child must not inherit one
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(len(deeds))

    def do(deed: Deed) -> None:
        barrier.wait(30)
        deed()

    processes = [context.Process(target=do, args=(deed,)) for deed in deeds]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    return [process.exitcode if process.exitcode is not None else 0 for process in processes]


def die(*_: object) -> None:
    """Kill the process that calls this, as the kernel does when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)
