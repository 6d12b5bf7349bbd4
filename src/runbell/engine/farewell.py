"""Letting a worker's children go: a repair to how Celery's prefork pool ends.

A child that is told to end waits up to 30 s until its parent has read all its results. The parent reads only while it
knows of a run that has not ended; and as it closes it forgets those whose child has not said yet that it took them. In
the middle of a burst there often is one. So the parent has to read on until its children are gone.
"""

from __future__ import annotations

import select
from typing import Any

from billiard.pool import TERMINATE, WorkersJoined
from celery.concurrency.asynpool import ResultHandler

PAUSE_MS = 100
"""Milliseconds between two looks at whether the children are gone, if they say nothing."""


def read_until_they_are_gone(pool: Any) -> None:
    """Have a worker's pool read, as it ends, what its children still say; nothing for pools without children.

    Args:
        pool: Celery's ``TaskPool``, started.
    """
    handler: Any = getattr(getattr(pool, "_pool", None), "_result_handler", None)
    if isinstance(handler, ResultHandler):
        _extend(handler)


def _extend(handler: Any) -> None:
    until_no_run_is_known = handler.on_stop_not_started

    def finish() -> None:
        until_no_run_is_known()
        _read_on(handler)

    handler.on_stop_not_started = finish


def _read_on(handler: Any) -> None:
    closed: set[int] = set()
    while handler._state != TERMINATE:  # noqa: SLF001 (as Celery's own loop)
        try:
            handler.join_exited_workers(shutdown=True)
        except WorkersJoined:
            return
        children = handler.fileno_to_outq
        for fd in _readable(set(children) - closed):
            handler._flush_outqueue(fd, closed.add, children, handler.on_state_change)  # noqa: SLF001 (as above)


def _readable(descriptors: set[int]) -> list[int]:
    poll = select.poll()
    for fd in descriptors:
        poll.register(fd, select.POLLIN)
    return [fd for fd, _ in poll.poll(PAUSE_MS)]
