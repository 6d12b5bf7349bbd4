"""What becomes of moments that were missed: every one is accounted for, once."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from runbell.domain.catch_up import MAX_OCCURRENCES, CatchUp, Due, settle
from runbell.domain.schedules import Interval, cron, every

NOW = datetime(2026, 1, 16, 9, 0, 30, tzinfo=UTC)
GRACE = timedelta(seconds=60)
HOURLY = cron("0 * * * *")
NINE = NOW.replace(second=0)

INTERVALS = st.integers(60, 7200).map(Interval)
DELAYS = st.timedeltas(timedelta(0), timedelta(days=3))
WINDOWS = st.timedeltas(timedelta(0), timedelta(days=1))


def settled(schedule: Interval, delay: timedelta, catch_up: timedelta, grace: timedelta) -> Due:
    first = schedule.next_after(NOW - delay - timedelta(seconds=schedule.seconds))
    return settle(schedule, first, NOW, catch_up, grace)


def listed(due: Due) -> list[datetime]:
    return [*due.missed, *due.superseded, *due.fire]


@given(INTERVALS, DELAYS, WINDOWS, WINDOWS)
def test_every_moment_is_accounted_for_once_and_in_order(
    interval: Interval, delay: timedelta, catch_up: timedelta, grace: timedelta
) -> None:
    due = settled(interval, delay, catch_up, grace)
    moments = listed(due)
    assert moments == sorted(set(moments))
    steps = {later - earlier for earlier, later in itertools.pairwise(moments)}
    assert steps <= {timedelta(seconds=interval.seconds)}


@given(INTERVALS, DELAYS, WINDOWS, WINDOWS)
def test_what_runs_is_inside_the_window_and_what_was_missed_is_not(
    interval: Interval, delay: timedelta, catch_up: timedelta, grace: timedelta
) -> None:
    due, window = settled(interval, delay, catch_up, grace), max(catch_up, grace)
    assert all(NOW - moment > window for moment in due.missed)
    assert all(NOW - moment <= window for moment in due.superseded)
    assert all(NOW - moment <= window for moment in due.fire)


@given(INTERVALS, DELAYS, WINDOWS, WINDOWS)
def test_the_next_moment_is_in_the_future_and_nothing_lies_between(
    interval: Interval, delay: timedelta, catch_up: timedelta, grace: timedelta
) -> None:
    due = settled(interval, delay, catch_up, grace)
    assert due.next_due_at > NOW
    moments = listed(due)
    assert not moments or interval.next_after(moments[-1]) == due.next_due_at


@given(INTERVALS, DELAYS, WINDOWS, WINDOWS)
def test_one_run_at_most_stands_for_the_latest_moment(
    interval: Interval, delay: timedelta, catch_up: timedelta, grace: timedelta
) -> None:
    due = settled(interval, delay, catch_up, grace)
    assert due.fire in ((), tuple(listed(due)[-1:]))
    assert due.fire or not due.superseded


@given(st.integers(1, 10).map(Interval), st.timedeltas(timedelta(hours=2), timedelta(hours=12)))
def test_the_list_is_bounded_and_the_rest_is_counted(interval: Interval, delay: timedelta) -> None:
    first = interval.next_after(NOW - delay)
    due = settle(interval, first, NOW, timedelta(0), GRACE)
    total = int((NOW - first).total_seconds() // interval.seconds) + 1
    assert len(due.missed) <= MAX_OCCURRENCES
    assert len(listed(due)) + due.unlisted == total


def test_a_tick_that_is_a_little_late_fires_without_any_catch_up() -> None:
    due = settle(HOURLY, NINE, NOW, timedelta(0), GRACE)
    assert (due.fire, due.superseded, due.missed) == ((NINE,), (), ())


def test_without_catch_up_an_old_moment_is_missed() -> None:
    due = settle(HOURLY, NINE - timedelta(hours=2), NINE + timedelta(minutes=30), timedelta(0), GRACE)
    assert due.fire == ()
    assert due.missed == (NINE - timedelta(hours=2), NINE - timedelta(hours=1), NINE)


def test_catching_up_runs_once_for_the_whole_window() -> None:
    due = settle(HOURLY, NINE - timedelta(hours=8), NOW, timedelta(hours=6), GRACE)
    assert due.fire == (NINE,)
    assert due.superseded == tuple(NINE - timedelta(hours=hours) for hours in (5, 4, 3, 2, 1))
    assert due.missed == tuple(NINE - timedelta(hours=hours) for hours in (8, 7, 6))


def test_before_its_moment_nothing_is_due() -> None:
    due = settle(HOURLY, NINE + timedelta(hours=1), NOW, timedelta(hours=6), GRACE)
    assert due == Due((), (), (), 0, NINE + timedelta(hours=1))


def test_a_schedule_nobody_looked_after_for_a_year_still_fires() -> None:
    due = settle(every(timedelta(minutes=1)), NOW - timedelta(days=365), NOW, timedelta(hours=1), GRACE)
    assert due.fire == (NINE,)
    assert due.unlisted > 90_000


def test_each_of_the_moments_inside_the_window_gets_a_run_where_that_is_declared() -> None:
    due = settle(HOURLY, NINE - timedelta(hours=4), NOW, timedelta(hours=2, minutes=1), GRACE, mode=CatchUp.EACH)
    assert due.fire == (NINE - timedelta(hours=2), NINE - timedelta(hours=1), NINE)
    assert due.superseded == ()
    assert due.missed == (NINE - timedelta(hours=4), NINE - timedelta(hours=3))


def test_of_more_moments_than_can_be_looked_at_the_newest_are_listed() -> None:
    due = settle(every(timedelta(seconds=1)), NOW - timedelta(days=30), NOW, timedelta(0), GRACE)
    assert due.missed[-1] == NOW - GRACE - timedelta(seconds=1)
