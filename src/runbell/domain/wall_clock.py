"""From what a clock on the wall shows to moments in time, where the clock is put forward and back.

Both walks take a function that iterates over the matching wall times (naive) after a wall time, as if no clock were
ever changed, and give the moments that these stand for, in UTC and in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

WallTimes = Callable[[datetime], Iterator[datetime]]

_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


def times_of_day(wall_times: WallTimes, after: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Iterate over the moments at which wall times come first; a time that was left out comes at the next minute."""
    latest = after
    for wall in wall_times(after.astimezone(zone).replace(tzinfo=None, fold=0)):
        moment = _first_moment(wall, zone)
        if moment > latest:
            latest = moment
            yield moment


def whenever_shown(wall_times: WallTimes, after: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Iterate over all moments at which the clock shows a matching time: twice in an hour that comes twice.

    Between two changes of the clock, wall time and time run alike; so the walk begins anew at each change.
    """
    begin = known = after.astimezone(UTC)
    while True:
        offset = _offset(known, zone)
        change = None
        for wall in wall_times((begin + offset).replace(tzinfo=None)):
            moment = wall.replace(tzinfo=UTC) - offset
            change = _next_change(known, moment, zone)
            if change is not None:
                break
            known = moment
            yield moment
        if change is None:
            return
        begin, known = change - _SECOND, change


def _first_moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return when the clock shows that time first; in a gap, when the gap is over."""
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    while moment.astimezone(zone).replace(tzinfo=None) != wall:
        wall += _MINUTE
        moment = wall.replace(tzinfo=zone).astimezone(UTC)
    return moment


def _next_change(after: datetime, until: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the first second in which the zone's offset differs from that at ``after``; None up to ``until``."""
    offset = _offset(after, zone)
    while after < until:
        probe = min(after + _DAY, until)
        if _offset(probe, zone) != offset:
            return _bisect(int(after.timestamp()), int(probe.timestamp()), zone)
        after = probe
    return None


def _bisect(before: int, after: int, zone: ZoneInfo) -> datetime:
    offset = _offset(datetime.fromtimestamp(before, UTC), zone)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(datetime.fromtimestamp(middle, UTC), zone) == offset:
            before = middle
        else:
            after = middle
    return datetime.fromtimestamp(after, UTC)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)
