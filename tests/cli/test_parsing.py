"""What can be typed at the command line."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from runbell.management.cli.exit_codes import CommandFailed, ExitCode
from runbell.management.cli.parsing import days, parse_end, parse_moment, parse_params, positive, seconds


@pytest.mark.parametrize(
    ("assignment", "expected"),
    [
        ("days=30", {"days": 30}),
        ("name=Ada", {"name": "Ada"}),
        ('name="30"', {"name": "30"}),
        ("remove=true", {"remove": True}),
        ("since=null", {"since": None}),
        ('kinds=["a", 1]', {"kinds": ["a", 1]}),
        ("query=a=b", {"query": "a=b"}),
        ("empty=", {"empty": ""}),
        ("number=NaN", {"number": "NaN"}),
    ],
)
def test_a_parameter_is_json_or_else_text(assignment: str, expected: dict[str, Any]) -> None:
    assert parse_params([assignment]) == expected


@pytest.mark.parametrize("assignments", [["days"], ["=30"], ["days=1", "days=2"]])
def test_what_is_no_parameter_is_a_usage_error(assignments: list[str]) -> None:
    with pytest.raises(CommandFailed) as caught:
        parse_params(assignments)
    assert caught.value.returncode == ExitCode.USAGE


@given(st.dictionaries(st.text(st.characters(exclude_characters="="), min_size=1), st.text()))
def test_no_text_is_lost(params: dict[str, str]) -> None:
    parsed = parse_params([f"{name}={value}" for name, value in params.items()])
    assert set(parsed) == set(params)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-16T09:00+01:00", datetime(2026, 1, 16, 8, 0, tzinfo=UTC)),
        ("2026-01-16T09:00:00Z", datetime(2026, 1, 16, 9, 0, tzinfo=UTC)),
    ],
)
def test_a_moment_with_an_offset(text: str, expected: datetime) -> None:
    assert parse_moment(text) == expected


@pytest.mark.usefixtures("_berlin")
def test_a_moment_without_an_offset_is_in_the_sites_time_zone() -> None:
    assert parse_moment("2026-01-16T09:00") == datetime(2026, 1, 16, 8, 0, tzinfo=UTC)
    assert parse_moment("2026-07-16") == datetime(2026, 7, 15, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "age"), [("30m", timedelta(minutes=30)), ("24h", timedelta(days=1)), ("7d", timedelta(days=7))]
)
def test_an_age(text: str, age: timedelta) -> None:
    assert abs(timezone.now() - age - parse_moment(text)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_moment, "yesterday"),
        (parse_moment, ""),
        (parse_moment, "99999999999999999999d"),
        (positive, "0"),
        (positive, "-1"),
        (positive, "ten"),
        (seconds, "-1"),
        (seconds, "nan"),
        (seconds, "inf"),
        (seconds, "soon"),
    ],
)
def test_what_cannot_be_read_is_refused(parse: Callable[[str], object], text: str) -> None:
    with pytest.raises(ArgumentTypeError):
        parse(text)


@pytest.fixture
def _berlin(settings: Any) -> None:
    settings.RUNBELL = {**settings.RUNBELL, "SITE_TIME_ZONE": "Europe/Berlin"}


@pytest.mark.parametrize("text", ["99999999999h", "9" * 5000 + "d", "99999999d"])
def test_an_end_beyond_the_calendar_is_a_usage_error(text: str) -> None:
    with pytest.raises(ArgumentTypeError):
        parse_end(text)


def test_a_number_of_days_is_one_that_the_calendar_has() -> None:
    assert days("30") == 30
    for text in ("0", "-1", "x", "36501", "9" * 5000):
        with pytest.raises(ArgumentTypeError):
            days(text)
