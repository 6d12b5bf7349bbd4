"""Hearing a prefork pool's children out: two repairs to how Celery lets go of them.

When its connection breaks, and when it ends, a worker forgets the runs whose child has not said yet that it took them.
A child to which one had been written runs it all the same. Its worker does not know of it then, and cannot account for
it; and as the worker ends it stops reading once it knows of no run, though a child waits up to 30 s until all of its
results have been read. In the middle of a burst there often is one.
"""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Iterable
from typing import Any

from billiard.pool import TERMINATE, WorkersJoined
from celery.concurrency.asynpool import ResultHandler

PAUSE_MS = 100
"""Milliseconds that are waited for the children to say something before it is looked at what became of them."""
PATIENCE = 2.0
"""Seconds that a child has to say that it took what was written to it."""


def hear_them_out(pool: Any) -> None:
    """Have a worker's pool hear what its children still say; nothing for pools without children.

    Args:
        pool: Celery's ``TaskPool``, started.
    """
    children = getattr(pool, "_pool", None)
    handler: Any = getattr(children, "_result_handler", None)
    if isinstance(handler, ResultHandler):
        pool.flush = _after(lambda: _wait_for_their_word(children, handler), pool.flush)
        as_long_as_a_run_is_known = handler.on_stop_not_started
        handler.__dict__["on_stop_not_started"] = _after(
            as_long_as_a_run_is_known, lambda: _read_until_they_are_gone(handler)
        )


def _after(first: Callable[[], object], then: Callable[[], object]) -> Callable[[], None]:
    def both() -> None:
        first()
        then()

    return both


def _wait_for_their_word(children: Any, handler: Any) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        takers = [job._write_to for job in list(children._cache.values()) if job._write_to and not job._accepted]  # noqa: SLF001 (as Celery's own code)
        descriptors = {child.outqR_fd for child in takers if child._is_alive()}  # noqa: SLF001 (as above)
        if not descriptors:
            return
        _read(handler, descriptors, set())


def _read_until_they_are_gone(handler: Any) -> None:
    closed: set[int] = set()
    while handler._state != TERMINATE:  # noqa: SLF001 (as above)
        try:
            handler.join_exited_workers(shutdown=True)
        except WorkersJoined:
            return
        _read(handler, set(handler.fileno_to_outq) - closed, closed)


def _read(handler: Any, descriptors: Iterable[int], closed: set[int]) -> None:
    """Wait a moment for what they say, and have Celery take it in."""
    poll = select.poll()
    for fd in descriptors:
        poll.register(fd, select.POLLIN)
    for fd, _ in poll.poll(PAUSE_MS):
        handler._flush_outqueue(fd, closed.add, handler.fileno_to_outq, handler.on_state_change)  # noqa: SLF001 (as above)
