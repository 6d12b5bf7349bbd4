"""When schedules fall due: daylight saving, intervals, words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbell.domain.schedules import Cron, Interval, InvalidSchedule, cron, every, parse_schedule

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (bounds are naive)
EXPRESSIONS = st.sampled_from(["0 * * * *", "*/30 * * * *", "30 2 * * *", "0 9 * * 1-5", "15 0 1 * *", "0 */4 * * *"])
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])


def local_occurrences(expression: str, zone: str, start: str, count: int) -> list[str]:
    """Return the next ``count`` occurrences in local time with their offsets."""
    schedule, moment = cron(expression, zone), datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))
    occurrences = []
    for _ in range(count):
        moment = schedule.next_after(moment)
        occurrences.append(moment.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes"))
    return occurrences


@pytest.mark.parametrize(
    ("expression", "zone", "start", "expected"),
    [
        (
            "30 2 * * *",
            "Europe/Berlin",
            "2026-03-28T12:00",
            ["2026-03-29T03:00+02:00", "2026-03-30T02:30+02:00"],
        ),
        (
            "30 2 * * *",
            "America/New_York",
            "2026-03-07T12:00",
            ["2026-03-08T03:00-04:00", "2026-03-09T02:30-04:00"],
        ),
        (
            "15 2 * * *",
            "Australia/Lord_Howe",
            "2026-10-03T12:00",
            ["2026-10-04T02:30+11:00", "2026-10-05T02:15+11:00"],
        ),
        (
            "0 0 * * *",
            "America/Sao_Paulo",
            "2018-11-03T12:00",
            ["2018-11-04T01:00-02:00", "2018-11-05T00:00-02:00"],
        ),
    ],
)
def test_a_time_that_does_not_exist_runs_at_the_next_one_that_does(
    expression: str, zone: str, start: str, expected: list[str]
) -> None:
    assert local_occurrences(expression, zone, start, 2) == expected


@pytest.mark.parametrize(
    ("expression", "zone", "start", "expected"),
    [
        (
            "30 2 * * *",
            "Europe/Berlin",
            "2026-10-24T12:00",
            ["2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"],
        ),
        (
            "30 1 * * *",
            "America/New_York",
            "2026-10-31T12:00",
            ["2026-11-01T01:30-04:00", "2026-11-02T01:30-05:00"],
        ),
        (
            "45 1 * * *",
            "Australia/Lord_Howe",
            "2026-04-04T12:00",
            ["2026-04-05T01:45+11:00", "2026-04-06T01:45+10:30"],
        ),
    ],
)
def test_a_daily_time_that_comes_twice_runs_once(expression: str, zone: str, start: str, expected: list[str]) -> None:
    assert local_occurrences(expression, zone, start, 2) == expected


def test_a_schedule_of_every_half_hour_runs_through_the_repeated_hour() -> None:
    assert local_occurrences("*/30 * * * *", "Europe/Berlin", "2026-10-25T01:45", 5) == [
        "2026-10-25T02:00+02:00",
        "2026-10-25T02:30+02:00",
        "2026-10-25T02:00+01:00",
        "2026-10-25T02:30+01:00",
        "2026-10-25T03:00+01:00",
    ]


def test_a_morning_stays_a_morning_over_the_change() -> None:
    assert local_occurrences("0 9 * * *", "Europe/Berlin", "2026-03-28T00:00", 2) == [
        "2026-03-28T09:00+01:00",
        "2026-03-29T09:00+02:00",
    ]


def test_a_day_that_a_zone_left_out_has_no_occurrence() -> None:
    days = [moment[:10] for moment in local_occurrences("0 0 * * *", "Pacific/Apia", "2011-12-28T00:00", 3)]
    assert days == ["2011-12-29", "2011-12-31", "2012-01-01"]


@given(EXPRESSIONS, ZONES, MOMENTS)
def test_the_next_occurrence_is_later_and_in_utc(expression: str, zone: str, moment: datetime) -> None:
    due = cron(expression, zone).next_after(moment)
    assert due > moment
    assert due.tzinfo is UTC


@given(EXPRESSIONS, ZONES, MOMENTS, st.integers(0, 3600))
def test_there_is_nothing_between_two_occurrences(expression: str, zone: str, moment: datetime, later: int) -> None:
    schedule = cron(expression, zone)
    due = schedule.next_after(moment)
    between = min(moment + timedelta(seconds=later), due - timedelta(microseconds=1))
    assert schedule.next_after(between) == due


@given(st.integers(1, 30 * 86_400), MOMENTS)
def test_an_interval_is_counted_from_the_epoch(seconds: int, moment: datetime) -> None:
    due = every(timedelta(seconds=seconds)).next_after(moment)
    assert timedelta(0) < due - moment <= timedelta(seconds=seconds)
    assert due.timestamp() % seconds == 0


@given(st.integers(1, 10_000_000).map(Interval) | st.builds(Cron, EXPRESSIONS, ZONES))
def test_a_schedule_survives_the_ledger(schedule: Interval | Cron) -> None:
    assert parse_schedule(schedule.kind, schedule.expression, schedule.time_zone) == schedule


@given(st.integers(1, 100), MOMENTS)
def test_an_interval_always_moves_on(seconds: int, moment: datetime) -> None:
    schedule = every(timedelta(seconds=seconds))
    first = schedule.next_after(moment)
    assert schedule.next_after(first) > first > moment


@pytest.mark.parametrize(
    "expression", ["", "* * * *", "* * * * * *", "61 * * * *", "a b c d e", "0 0 31 2 *", "@daily", "0 0 * * 8"]
)
def test_a_bad_expression_is_named(expression: str) -> None:
    with pytest.raises(InvalidSchedule, match="bad cron expression"):
        cron(expression).validate()


@pytest.mark.parametrize("zone", ["", "Nope/Zone", "Europe", "../etc/passwd", "/etc/passwd", "UTC\0"])
def test_an_unknown_time_zone_is_named(zone: str) -> None:
    with pytest.raises(InvalidSchedule, match="unknown time zone"):
        cron("* * * * *", zone).validate()


@pytest.mark.parametrize(
    "interval", [timedelta(0), timedelta(seconds=0.5), timedelta(seconds=-5), timedelta(seconds=1.5)]
)
def test_an_interval_under_a_second_is_refused(interval: timedelta) -> None:
    with pytest.raises(InvalidSchedule, match="1 or more"):
        every(interval).validate()


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (every(timedelta(seconds=1)), "Every second"),
        (every(timedelta(seconds=90)), "Every 90 seconds"),
        (every(timedelta(minutes=30)), "Every 30 minutes"),
        (every(timedelta(hours=1)), "Every hour"),
        (every(timedelta(days=7)), "Every 7 days"),
        (cron("0 * * * *"), "Every hour"),
        (cron("0 1 * * 0"), "At 01:00, only on Sunday"),
    ],
)
def test_schedules_can_be_said_in_words(schedule: Interval | Cron, words: str) -> None:
    schedule.validate()
    assert schedule.in_words() == words
