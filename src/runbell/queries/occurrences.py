"""When a task falls due next. Nothing is fired and nothing is asked of the database."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice, takewhile

from django.utils import timezone

from runbell.catalog import catalog
from runbell.domain.errors import InvalidFilter
from runbell.domain.occurrences import Occurrence, upcoming
from runbell.domain.schedules import Schedule
from runbell.domain.tasks import TaskDefinition

__all__ = ["Occurrence", "next_occurrences", "planned"]

LISTED = 10
"""How many occurrences are listed if nobody says."""
MAX_LISTED = 100
REMEMBERED = 1024
DAY = timedelta(hours=24)


def next_occurrences(spelling: str, limit: int | None = None) -> tuple[Occurrence, ...]:
    """Return the next occurrences of a task, of all its schedules together, the earliest first.

    Args:
        spelling: any spelling of the task's name.
        limit: how many at most, 1 to ``MAX_LISTED``; ``LISTED`` if None.

    Raises:
        UnknownTask, AmbiguousTask: if the spelling does not mean one task.
        InvalidFilter: if the limit is out of bounds.
    """
    task, size = catalog.resolve(spelling), LISTED if limit is None else limit
    if not 1 <= size <= MAX_LISTED:
        raise InvalidFilter("limit", f"must be from 1 to {MAX_LISTED}")
    return tuple(islice(upcoming(dict(_schedules(task)), timezone.now()), size))


def planned(task: TaskDefinition, now: datetime, most: int) -> tuple[tuple[datetime, ...], bool]:
    """Return when a task is due in the 24 hours after ``now``, at most so many moments, and whether those are all."""
    # To the minute: what was computed for one browser serves those who ask a second later.
    listed = _planned(_schedules(task), now.replace(second=0, microsecond=0), most)
    moments = tuple(moment for moment in listed if moment > now)
    return moments[:most], len(listed) <= most


@lru_cache(REMEMBERED)
def _planned(schedules: tuple[tuple[str, Schedule], ...], after: datetime, most: int) -> tuple[datetime, ...]:
    day = takewhile(lambda occurrence: occurrence.at <= after + DAY, upcoming(dict(schedules), after))
    return tuple(occurrence.at for occurrence in islice(day, most + 1))


def _schedules(task: TaskDefinition) -> tuple[tuple[str, Schedule], ...]:
    return tuple((definition.name, definition.schedule) for definition in task.schedules)
