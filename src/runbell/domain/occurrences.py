"""The moments to come of several schedules, in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from heapq import merge
from typing import NamedTuple

from runbell.domain.schedules import Schedule


class Occurrence(NamedTuple):
    """One moment, in UTC, and the name of the schedule that is due at it."""

    at: datetime
    schedule_name: str


def upcoming(schedules: Mapping[str, Schedule], after: datetime) -> Iterator[Occurrence]:
    """Yield the occurrences of all schedules after an aware moment, the earliest first, without end.

    Args:
        schedules: by name.
        after: none at or before it is given.
    """
    return merge(*(_of_one(name, schedule, after) for name, schedule in schedules.items()))


def _of_one(name: str, schedule: Schedule, after: datetime) -> Iterator[Occurrence]:
    moment = after
    while True:
        moment = schedule.next_after(moment)
        yield Occurrence(moment, name)
