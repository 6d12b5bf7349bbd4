"""When a task falls due: cron expressions and intervals, and what to do about moments that were missed."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cron_descriptor import get_description
from cronsim import CronSim, CronSimError

MAX_OCCURRENCES = 500
"""How many moments one catch-up accounts for one by one; beyond it they are summed up in one row."""


MAX_COUNTED = 100_000
"""Bound on the walk over the moments of a schedule that nobody looked after for a long time."""
CRON_FIELDS = 5
MAX_INTERVAL = 100 * 366 * 86400


class InvalidSchedule(ValueError):
    """A schedule that can never be computed; the message names what is wrong with it."""


@dataclass(frozen=True)
class Cron:
    """A cron expression in a named time zone.

    Args:
        expression: five fields, as Debian's cron reads them.
        time_zone: a name of the IANA database.

    Daylight saving follows Debian's cron, by the ``cronsim`` library: a time that does not exist runs at the next
    one that does, a time that comes twice runs once.
    """

    expression: str
    time_zone: str = "UTC"

    kind = "cron"

    def validate(self) -> None:
        """Return if the schedule can be computed.

        Raises:
            InvalidSchedule: if the expression or the time zone is wrong.
        """
        zone = _zone(self.time_zone)
        if len(self.expression.split()) != CRON_FIELDS:
            raise InvalidSchedule(f"bad cron expression {self.expression!r}: it needs {CRON_FIELDS} fields")
        try:
            next(CronSim(self.expression, datetime.now(zone)))
        except (CronSimError, StopIteration) as error:
            raise InvalidSchedule(f"bad cron expression {self.expression!r}") from error

    def next_after(self, moment: datetime) -> datetime:
        """Return the first occurrence after an aware ``moment``, in UTC."""
        local = moment.astimezone(_zone(self.time_zone))
        return next(CronSim(self.expression, local)).astimezone(UTC)

    def in_words(self) -> str:
        """Return the expression in English, e.g. ``"Every hour"``."""
        return str(get_description(self.expression))


@dataclass(frozen=True)
class Interval:
    """Every so many seconds, counted from the Unix epoch, so that restarts do not shift it.

    Args:
        seconds: a whole number, 1 or more.
    """

    seconds: float
    time_zone: str = "UTC"

    kind = "interval"

    @property
    def expression(self) -> str:
        """The interval as text, e.g. ``"every 30 s"``."""
        return f"every {self._text} s"

    @property
    def _text(self) -> str:
        return repr(int(self.seconds) if self.seconds == self.seconds // 1 else self.seconds)

    def validate(self) -> None:
        """Return if the schedule can be computed.

        Raises:
            InvalidSchedule: if the interval is no whole number of seconds, 1 or more, or the time zone is unknown.
        """
        _zone(self.time_zone)
        if not 1 <= self.seconds < MAX_INTERVAL or self.seconds % 1:
            raise InvalidSchedule(f"an interval must be a whole number of seconds, 1 or more, not {self.seconds!r}")

    def next_after(self, moment: datetime) -> datetime:
        """Return the first occurrence after an aware ``moment``, in UTC."""
        seconds = int(self.seconds)
        return datetime.fromtimestamp((int(moment.timestamp() // 1) // seconds + 1) * seconds, UTC)

    def in_words(self) -> str:
        """Return the interval in English, e.g. ``"Every 30 seconds"``."""
        for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
            if self.seconds >= size and self.seconds % size == 0:
                return _every(int(self.seconds // size), unit)
        return _every(self.seconds, "second")


Schedule = Cron | Interval


def cron(expression: str, time_zone: str = "UTC") -> Cron:
    """Return a schedule from a cron expression, e.g. ``cron("0 9 * * *", time_zone="Europe/Berlin")``."""
    return Cron(expression, time_zone)


def every(interval: timedelta) -> Interval:
    """Return a schedule that falls due at every multiple of ``interval`` since the Unix epoch."""
    return Interval(interval.total_seconds())


def parse_schedule(kind: str, expression: str, time_zone: str) -> Schedule:
    """Return the schedule that a ledger row describes: the inverse of ``kind``, ``expression`` and ``time_zone``."""
    if kind == Interval.kind:
        return Interval(float(expression.removeprefix("every ").removesuffix(" s")), time_zone)
    return Cron(expression, time_zone)


@dataclass(frozen=True)
class Due:
    """The verdict on all moments at which a schedule was due.

    Args:
        fire: the moment to run now for, or None.
        superseded: moments inside the catch-up window that the one run also stands for, oldest first.
        missed: moments that are too old to run, oldest first.
        unlisted: further moments, older than those listed of their kind; at least so many.
        next_due_at: the first moment after now.
    """

    fire: datetime | None
    superseded: tuple[datetime, ...]
    missed: tuple[datetime, ...]
    unlisted: int
    next_due_at: datetime


def settle(schedule: Schedule, next_due_at: datetime, now: datetime, catch_up: timedelta, grace: timedelta) -> Due:
    """Decide what to do about every moment from ``next_due_at`` up to ``now``.

    Moments not older than the larger of ``catch_up`` and ``grace`` are caught up by one run for the latest of them;
    older ones were missed. ``grace`` is how late an ordinary tick may be without anything being late.
    """
    edge = now - max(catch_up, grace)
    missed, more_missed = _moments(schedule, next_due_at, edge - _TICK)
    first = next_due_at if next_due_at >= edge else schedule.next_after(edge - _TICK)
    caught_up, more_caught_up = _moments(schedule, first, now)
    listed = missed[max(0, len(missed) + len(caught_up) - MAX_OCCURRENCES) :]
    return Due(
        fire=caught_up[-1] if caught_up else None,
        superseded=caught_up[:-1],
        missed=listed,
        unlisted=more_missed + more_caught_up + len(missed) - len(listed),
        next_due_at=schedule.next_after(now),
    )


_TICK = timedelta(microseconds=1)


def _moments(schedule: Schedule, first: datetime, last: datetime) -> tuple[tuple[datetime, ...], int]:
    """Return the newest moments from ``first`` to ``last``, and how many older ones there were."""
    newest: deque[datetime] = deque(maxlen=MAX_OCCURRENCES)
    count, moment = 0, first
    while moment <= last and count < MAX_COUNTED:
        newest.append(moment)
        count += 1
        moment = schedule.next_after(moment)
    return tuple(newest), count - len(newest)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidSchedule(f"unknown time zone {name!r}") from error


def _every(count: float, unit: str) -> str:
    return f"Every {unit}" if count == 1 else f"Every {count:g} {unit}s"
