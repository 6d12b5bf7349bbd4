"""A picture of the last and the next 24 hours: what every task did, and when it is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median

from django.utils import timezone

from runbell.catalog import catalog
from runbell.domain.states import BAD, State
from runbell.domain.tasks import TaskDefinition
from runbell.models import Run
from runbell.queries.newest import newest_ids
from runbell.queries.occurrences import planned

DAY = timedelta(hours=24)
MOST_OF_A_TASK = 300
"""How many bars one lane holds of each kind: more lie upon one another on any screen."""
MOST_OF_ALL = 6000
"""How many bars of each kind the picture holds; with many tasks each gets its share."""
MOST_BAD = 20
"""How many runs of each bad state are kept of a task beyond its newest ones: what went wrong is never cut off first."""
MEASURED = 20
"""How many runs tell how long a task usually takes."""
MEASURED_SINCE = timedelta(days=90)
_CHUNK = 500


@dataclass(frozen=True)
class Bar:
    """One run in the picture.

    Args:
        at: when it started, else when it was due, else when it was asked for.
        seconds: how long it ran or has been running; None if it never started.
    """

    id: str
    state: str
    at: datetime
    seconds: float | None
    dry_run: bool


@dataclass(frozen=True)
class Lane:
    """One task in the picture.

    Args:
        runs: oldest first.
        complete_since: all runs since then are there, of older ones only the bad; None if it is all of them.
        planned: when it is due, earliest first.
        planned_all: whether that is every moment of the 24 hours.
        usual_seconds: the median of its latest successful runs; None if there are none.
    """

    name: str
    title: str
    category: str
    runs: tuple[Bar, ...]
    complete_since: datetime | None
    planned: tuple[datetime, ...]
    planned_all: bool
    usual_seconds: float | None


@dataclass(frozen=True)
class Picture:
    """The lanes by category and name, from 24 hours before ``at`` to 24 hours after it."""

    at: datetime
    lanes: tuple[Lane, ...]


def picture() -> Picture:
    """Return the picture; six queries, and more only where there are thousands of runs to draw."""
    now, tasks = timezone.now(), list(catalog)
    most = min(MOST_OF_A_TASK, max(1, MOST_OF_ALL // max(1, len(tasks))))
    names = [task.name for task in tasks]
    newest = newest_ids(names, most, since=now - DAY)
    bad = newest_ids(names, min(most, MOST_BAD), since=now - DAY, states=sorted(BAD))
    keys = {key for found in (newest, bad) for listed in found.values() for key in listed}
    bars = _bars(keys | _long_active(now), now)
    usual = _usual_seconds(names, now)
    lanes = (_lane(task, bars.get(task.name, {}), newest.get(task.name, []), now, most) for task in tasks)
    return Picture(now, tuple(replace(lane, usual_seconds=usual.get(lane.name)) for lane in lanes))


def _lane(task: TaskDefinition, bars: Mapping[int, Bar], newest: list[int], now: datetime, most: int) -> Lane:
    due, complete = planned(task, now, most)
    return Lane(
        name=task.name,
        title=task.title,
        category=task.category,
        runs=tuple(sorted(bars.values(), key=lambda bar: (bar.at, bar.id))),
        complete_since=min(bars[key].at for key in newest if key in bars) if len(newest) >= most else None,
        planned=due,
        planned_all=complete,
        usual_seconds=None,
    )


def _long_active(now: datetime) -> set[int]:
    """What was asked for earlier and is not finished belongs to today, too."""
    active = Run.objects.filter(finished_at__isnull=True, requested_at__lt=now - DAY).order_by()
    return set(active.values_list("id", flat=True)[:_CHUNK])


_COLUMNS = ("task_name", "id", "task_id", "state", "requested_at", "due_at", "started_at", "finished_at", "dry_run")


def _bars(keys: set[int], now: datetime) -> Mapping[str, Mapping[int, Bar]]:
    """Return the bars of some runs by task and key."""
    wanted, bars = sorted(keys), defaultdict[str, dict[int, Bar]](dict)
    for start in range(0, len(wanted), _CHUNK):
        rows = Run.objects.filter(id__in=wanted[start : start + _CHUNK]).values_list(*_COLUMNS)
        for name, key, run_id, state, requested_at, due_at, started_at, finished_at, dry_run in rows:
            seconds = max(0.0, ((finished_at or now) - started_at).total_seconds()) if started_at else None
            bars[name][key] = Bar(run_id, state, started_at or due_at or requested_at, seconds, dry_run)
    return bars


def _usual_seconds(names: Sequence[str], now: datetime) -> Mapping[str, float]:
    newest = newest_ids(names, MEASURED, since=now - MEASURED_SINCE, states=[State.SUCCESS.value])
    measured = _bars({key for keys in newest.values() for key in keys}, now)
    return {
        name: median(seconds)
        for name, bars in measured.items()
        if (seconds := [bar.seconds for bar in bars.values() if bar.seconds is not None and not bar.dry_run])
    }
