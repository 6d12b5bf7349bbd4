"""What to do about every moment at which a schedule was due and that nobody has claimed yet."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from runbell.domain.schedules import Schedule

MAX_OCCURRENCES = 500
"""How many moments one catch-up accounts for one by one; beyond it they are summed up in one row."""
MAX_COUNTED = 100_000
"""Bound on the walk over the moments of a schedule that nobody looked after for a long time."""

_TICK = timedelta(microseconds=1)


class CatchUp(StrEnum):
    """How several occurrences that were missed, but are not too old, are caught up."""

    ONCE = "once"
    """One run, for the latest of them, stands for all."""
    EACH = "each"
    """A run for each of them, oldest first."""


@dataclass(frozen=True)
class Due:
    """The verdict on all moments at which a schedule was due.

    Args:
        fire: the moments to run now for, oldest first; one at most unless each is caught up.
        superseded: moments inside the catch-up window that the one run also stands for, oldest first.
        missed: moments that are too old to run, oldest first.
        unlisted: further moments, older than those listed of their kind; at least so many.
        next_due_at: the first moment after now.
    """

    fire: tuple[datetime, ...]
    superseded: tuple[datetime, ...]
    missed: tuple[datetime, ...]
    unlisted: int
    next_due_at: datetime


def settle(
    schedule: Schedule,
    next_due_at: datetime,
    now: datetime,
    catch_up: timedelta,
    grace: timedelta,
    *,
    mode: CatchUp = CatchUp.ONCE,
) -> Due:
    """Decide what to do about every moment from ``next_due_at`` up to ``now``.

    Moments not older than the larger of ``catch_up`` and ``grace`` are caught up, by one run for the latest of them or
    by one each; older ones were missed. ``grace`` is how late an ordinary tick may be without anything being late.
    """
    edge = now - max(catch_up, grace)
    missed, more_missed = _newest(_between(schedule, next_due_at, next_due_at, edge - _TICK))
    caught_up, more_caught_up = _newest(_between(schedule, next_due_at, max(next_due_at, edge), now))
    listed = missed[max(0, len(missed) + len(caught_up) - MAX_OCCURRENCES) :]
    first_run = 0 if mode is CatchUp.EACH else max(0, len(caught_up) - 1)
    return Due(
        fire=caught_up[first_run:],
        superseded=caught_up[:first_run],
        missed=listed,
        unlisted=more_missed + more_caught_up + len(missed) - len(listed),
        next_due_at=next_due_at if next_due_at > now else schedule.next_after(now),
    )


def _between(schedule: Schedule, promised: datetime, first: datetime, last: datetime) -> Iterator[datetime]:
    """Iterate over the moments from ``first`` to ``last``, at most the newest that the bound allows to walk over.

    The promised moment is one even if the schedule would not have it any more, because a zone has new rules.
    """
    begin = max(first, last - MAX_COUNTED * schedule.finest)
    later = schedule.moments_after(begin if begin == promised else begin - _TICK)
    moments = itertools.chain([promised], later) if begin == promised else later
    return itertools.takewhile(lambda moment: moment <= last, moments)


def _newest(moments: Iterable[datetime]) -> tuple[tuple[datetime, ...], int]:
    """Return the newest moments, and how many older ones there were."""
    newest: deque[datetime] = deque(maxlen=MAX_OCCURRENCES)
    count = 0
    for moment in moments:
        newest.append(moment)
        count += 1
    return tuple(newest), count - len(newest)
