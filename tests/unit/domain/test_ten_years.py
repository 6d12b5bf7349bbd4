"""Ten years of schedules in zones with odd clocks, against an oracle that shares no code with what it checks.

The oracle reads the clock on the wall minute by minute on every day near a change, and knows two rules: an expression
that names hours runs when the clock shows its time first, or at the next minute shown if it never does; one with ``*``
for the hour runs whenever the clock shows one of its minutes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbell.domain.schedules import cron

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
YEARS = 10
ZONES = {
    "Africa/Cairo": 2016,  # midnight is left out, and summer time came back after years without
    "Africa/Casablanca": 2016,  # four changes a year, by the moon
    "America/Santiago": 2016,  # midnight is left out, the hour before it comes twice
    "America/St_Johns": 2016,  # half an hour off; until 2011 it changed at one minute past midnight
    "Antarctica/Troll": 2016,  # two hours at once
    "Asia/Kathmandu": 2016,  # a quarter of an hour off, and never changed
    "Australia/Lord_Howe": 2016,  # changed by half an hour
    "Europe/Berlin": 2016,
    "Pacific/Apia": 2009,  # left out a whole day
    "America/New_York": 2016,
}
EXPRESSIONS = [
    "30 2 * * *",
    "1 0 * * *",
    "0 0 1 * *",
    "*/30 2 * * *",
    "*/20 */3 * * 6",
    "15 1,2,3 * * 0",
    "59 23 * * *",
    "0 * * * 0,4,5",
    "45 * * 3-5,10 *",
    "*/30 * 31 10 *",
]


@cache
def numbers(field: str, least: int, most: int) -> set[int]:
    """Return what one field of a cron expression means."""
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = (f"{least}-{most}" if span == "*" else span).partition("-")
        found |= set(range(int(first), int(last or first) + 1, int(step or 1)))
    return found


@cache
def offset(zone: str, moment: datetime) -> timedelta:
    found = moment.astimezone(ZoneInfo(zone)).utcoffset()
    assert found is not None
    return found


@cache
def quiet_offset(zone: str, day: date) -> timedelta | None:
    """Return the zone's offset if it is the same from the day before to the day after; None where a change is near."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    offsets = {offset(zone, noon + hours * HOUR) for hours in range(-42, 43, 6)}
    return offsets.pop() if len(offsets) == 1 else None


@cache
def readings(zone: str, day: date) -> list[tuple[datetime, datetime]]:
    """Return what the clock shows and when, minute by minute, from before that day to after the next."""
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC) - DAY
    minutes = (begin + number * MINUTE for number in range(4 * 24 * 60))
    return [(minute.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0), minute) for minute in minutes]


def occurrences(expression: str, zone: str, first: date, last: date) -> Iterator[datetime]:
    """Iterate over the moments at which the expression is due, from ``first`` to before ``last``, unsorted."""
    minute_field, hour_field, days, months, weekdays = expression.split()
    times = [
        timedelta(hours=hour, minutes=minute)
        for hour in numbers(hour_field, 0, 23)
        for minute in numbers(minute_field, 0, 59)
    ]
    for number in range((last - first).days):
        day = first + number * DAY
        if (
            day.month in numbers(months, 1, 12)
            and day.day in numbers(days, 1, 31)
            and day.isoweekday() % 7 in numbers(weekdays, 0, 6)
        ):
            walls = [datetime(day.year, day.month, day.day) + time for time in times]  # noqa: DTZ001 (what a wall shows)
            yield from on_one_day(walls, zone, day, every_hour=hour_field == "*")


def on_one_day(walls: list[datetime], zone: str, day: date, *, every_hour: bool) -> Iterator[datetime]:
    quiet = quiet_offset(zone, day)
    if quiet is not None:
        yield from (wall.replace(tzinfo=UTC) - quiet for wall in walls)
    elif every_hour:
        yield from (moment for wall, moment in readings(zone, day) if wall in walls)
    else:
        for due in walls:
            shown = [moment for wall, moment in readings(zone, day) if wall == due]
            yield shown[0] if shown else next(moment for wall, moment in readings(zone, day) if wall > due)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_occurrence_of_ten_years_is_that_of_the_oracle(expression: str, zone: str) -> None:
    first, last = date(ZONES[zone], 1, 1), date(ZONES[zone] + YEARS, 1, 1)
    expected = sorted(set(occurrences(expression, zone, first, last)))
    begin, end = expected[0] - timedelta(microseconds=1), expected[-1]
    found = itertools.takewhile(lambda moment: moment <= end, cron(expression, zone).moments_after(begin))
    assert list(found) == expected


@given(
    st.sampled_from(EXPRESSIONS),
    st.sampled_from(sorted(ZONES)),
    st.datetimes(datetime(2012, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 (bounds are naive)
    st.booleans(),
)
def test_from_any_moment_the_next_occurrence_is_that_of_the_oracle(
    expression: str, zone: str, moment: datetime, near_a_change: bool
) -> None:
    if near_a_change:
        moment = next((day for day in (moment + n * DAY for n in range(370)) if changes(zone, day)), moment)
    due = cron(expression, zone).next_after(moment)
    days = (moment - 2 * DAY).date(), (due + 3 * DAY).date()
    assert due == min(each for each in occurrences(expression, zone, *days) if each > moment)


def changes(zone: str, day: datetime) -> bool:
    return offset(zone, day) != offset(zone, day + DAY)
