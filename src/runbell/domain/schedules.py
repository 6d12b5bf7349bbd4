"""When a task falls due: cron expressions and intervals, and what to do about moments that were missed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cron_descriptor import get_description
from cronsim import CronSim, CronSimError

MAX_OCCURRENCES = 500
"""How many moments one catch-up accounts for one by one; beyond it they are summed up in one row."""


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
        seconds: 1 or more.
    """

    seconds: float
    time_zone: str = "UTC"

    kind = "interval"

    @property
    def expression(self) -> str:
        """The interval as text, e.g. ``"every 30 s"``."""
        return f"every {self.seconds:g} s"

    def validate(self) -> None:
        """Return if the schedule can be computed.

        Raises:
            InvalidSchedule: if the interval is under one second or the time zone is unknown.
        """
        _zone(self.time_zone)
        if self.seconds < 1:
            raise InvalidSchedule(f"an interval must be one second or more, not {self.seconds:g}")

    def next_after(self, moment: datetime) -> datetime:
        """Return the first occurrence after an aware ``moment``, in UTC."""
        count = moment.timestamp() // self.seconds + 1
        return datetime.fromtimestamp(count * self.seconds, UTC)

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
        superseded: moments inside the catch-up window that the one run also stands for.
        missed: moments that are too old to run, oldest first.
        missed_uncounted: further missed moments, not listed one by one.
        next_due_at: the first moment after now.
    """

    fire: datetime | None
    superseded: tuple[datetime, ...]
    missed: tuple[datetime, ...]
    missed_uncounted: int
    next_due_at: datetime


def settle(schedule: Schedule, next_due_at: datetime, now: datetime, catch_up: timedelta, grace: timedelta) -> Due:
    """Decide what to do about every moment from ``next_due_at`` up to ``now``.

    Moments not older than the larger of ``catch_up`` and ``grace`` are caught up by one run for the latest of them;
    older ones were missed. ``grace`` is how late an ordinary tick may be without anything being late.
    """
    window = max(catch_up, grace)
    moments = list(_moments(schedule, next_due_at, now))
    newest, cut = moments[-MAX_OCCURRENCES:], max(0, len(moments) - MAX_OCCURRENCES)
    missed = tuple(moment for moment in newest if now - moment > window)
    caught_up = newest[len(missed) :]
    return Due(
        fire=caught_up[-1] if caught_up else None,
        superseded=tuple(caught_up[:-1]),
        missed=missed,
        missed_uncounted=cut,
        next_due_at=schedule.next_after(now),
    )


_MAX_COUNTED = 100_000
"""Bound on the walk over moments of a schedule that nobody looked after for years."""


def _moments(schedule: Schedule, first: datetime, now: datetime) -> Iterator[datetime]:
    moment = first
    for _ in range(_MAX_COUNTED):
        if moment > now:
            return
        yield moment
        moment = schedule.next_after(moment)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidSchedule(f"unknown time zone {name!r}") from error


def _every(count: float, unit: str) -> str:
    return f"Every {unit}" if count == 1 else f"Every {count:g} {unit}s"
