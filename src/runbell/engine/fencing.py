"""Ending attempts that no longer count.

A worker that was stopped for longer than ``LOST_AFTER`` is believed dead: its runs are lost, or have another attempt
elsewhere. When it wakes, its heart beats first of all and learns which of its attempts that has happened to.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Sequence

from runbell.actions.heartbeat import Stale, fenced
from runbell.engine import attempts

logger = logging.getLogger(__name__)

TERMINATED = "its worker was believed dead and lives: attempt {} no longer counts and is being terminated"
TOLD = "its worker was believed dead and lives: attempt {} no longer counts and is told so when it reports progress"

_silenced: set[str] = set()


def is_silenced(run_id: str) -> bool:
    """Return whether the end of a process that runs this run is that of a fenced attempt: no fact about the run.

    Once for each attempt that was fenced.
    """
    silenced = run_id in _silenced
    _silenced.discard(run_id)
    return silenced


class Fence:
    """Ends a worker's stale attempts: a process is asked to end, and killed if it is still there a second later.

    Args:
        worker: the worker's name.
        end: sends a signal to one of the pool's processes; None if runs share the worker's process.
    """

    def __init__(self, worker: str, end: Callable[[int, signal.Signals], None] | None) -> None:
        self._worker, self._end = worker, end
        self._suspected: set[tuple[str, int]] = set()
        self._asked: set[tuple[str, int]] = set()

    def close(self, stale: Sequence[Stale]) -> None:
        """End what is surely stale, or was a second ago and still is."""
        certain = [each for each in stale if each.sure or _key(each) in self._suspected]
        self._suspected = {_key(each) for each in stale}
        self._asked &= self._suspected
        for each in certain:
            self._fence(each)

    def _fence(self, stale: Stale) -> None:
        again = _key(stale) in self._asked
        self._asked.add(_key(stale))
        if self._end is not None:
            _silenced.add(stale.run_id)
            self._end(stale.pid, signal.SIGKILL if again else signal.SIGTERM)
        else:
            attempts.fence(stale.run_id, stale.attempt)
        if not again:
            logger.warning("attempt %d of run %s no longer counts; it is being ended", stale.attempt, stale.run_id)
            fenced(stale, self._worker, (TOLD if self._end is None else TERMINATED).format(stale.attempt))


def _key(stale: Stale) -> tuple[str, int]:
    return stale.run_id, stale.attempt
