"""When a task falls due: cron expressions in a named time zone, and intervals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cron_descriptor import Options, get_description
from cronsim import CronSim, CronSimError

from runbell.domain import wall_clock

CRON_FIELDS = 5
_WORDS = Options()
_WORDS.use_24hour_time_format = True
MAX_INTERVAL = 100 * 366 * 86400


class InvalidSchedule(ValueError):
    """A schedule that can never be computed; the message names what is wrong with it."""


@dataclass(frozen=True)
class Cron:
    """A cron expression in a named time zone.

    Args:
        expression: five fields, as Debian's cron reads them.
        time_zone: a name of the IANA database.

    An expression that names hours means times of day: one that does not exist on a day runs at the next minute that
    does, one that comes twice runs once. With ``*`` for the hour it keeps its pace instead: it is due whenever the
    clock shows one of its minutes.
    """

    expression: str
    time_zone: str = "UTC"

    kind = "cron"

    @property
    def finest(self) -> timedelta:
        """The least time between two occurrences."""
        return timedelta(minutes=1)

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
        return next(self.moments_after(moment))

    def moments_after(self, moment: datetime) -> Iterator[datetime]:
        """Iterate over the occurrences after an aware ``moment``, in UTC and without end."""
        every_hour = self.expression.split()[1] in ("*", "*/1")
        walk = wall_clock.whenever_shown if every_hour else wall_clock.times_of_day
        return walk(self._wall_times_after, moment, _zone(self.time_zone))

    def _wall_times_after(self, wall: datetime) -> Iterator[datetime]:
        return CronSim(self.expression, wall)

    def in_words(self) -> str:
        """Return the expression in English, e.g. ``"Every hour"``."""
        return str(get_description(self.expression, _WORDS))


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
        return next(self.moments_after(moment))

    def moments_after(self, moment: datetime) -> Iterator[datetime]:
        """Iterate over the occurrences after an aware ``moment``, in UTC and without end."""
        seconds = int(self.seconds)
        due = int(moment.timestamp() // 1) // seconds * seconds
        while True:
            due += seconds
            yield datetime.fromtimestamp(due, UTC)

    @property
    def finest(self) -> timedelta:
        """The least time between two occurrences."""
        return timedelta(seconds=self.seconds)

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


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidSchedule(f"unknown time zone {name!r}") from error


def _every(count: float, unit: str) -> str:
    return f"Every {unit}" if count == 1 else f"Every {count:g} {unit}s"
