"""Why a moment was missed, from what tickers left behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbell.domain.silence import Span, why_missed

DAY = datetime(2026, 3, 1, tzinfo=UTC)
MINUTES = st.integers(0, 2000).map(lambda minutes: DAY + timedelta(minutes=minutes))


def at(clock: str) -> datetime:
    hours, _, minutes = clock.partition(":")
    return DAY + timedelta(hours=int(hours), minutes=int(minutes))


def span(since: str, until: str, tried: str = "") -> Span:
    return Span(at(since), at(until), at(tried or since))


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], "no ticker was alive before 2026-03-01 06:00 UTC, as far as is known"),
        ([span("05:40", "06:00")], "no ticker was alive before 2026-03-01 05:40 UTC, as far as is known"),
        (
            [span("00:00", "02:10"), span("05:40", "06:00")],
            "no ticker was alive from 02:10 to 05:40 UTC on 2026-03-01",
        ),
        (
            [span("00:00", "02:10"), span("01:00", "02:05"), span("05:41", "06:00"), span("05:40", "05:50")],
            "no ticker was alive from 02:10 to 05:40 UTC on 2026-03-01",
        ),
        (
            [span("00:00", "02:10"), span("05:40", "06:00", tried="00:30")],
            "no ticker reached the database from 02:10 to 05:40 UTC on 2026-03-01",
        ),
        (
            [span("00:00", "02:10"), span("05:40", "06:00", tried="03:30")],
            (
                "no ticker was alive from 02:10 to 03:30 UTC on 2026-03-01, "
                "and none reached the database from 03:30 to 05:40 UTC on 2026-03-01"
            ),
        ),
        (
            [span("00:00", "05:00"), span("00:30", "01:00")],
            "tickers were alive, but none fired it before 2026-03-01 06:00:00 UTC",
        ),
    ],
)
def test_what_is_said_of_a_moment_at_three(spans: list[Span], expected: str) -> None:
    assert why_missed(at("03:00"), spans, at("06:00")) == expected


def test_a_silence_over_midnight_names_both_days() -> None:
    spans = [span("00:00", "22:10"), span("29:40", "30:00")]
    assert why_missed(at("23:00"), spans, at("30:00")) == (
        "no ticker was alive from 2026-03-01 22:10 to 2026-03-02 05:40 UTC"
    )


@given(st.lists(st.tuples(MINUTES, MINUTES, MINUTES).map(sorted), max_size=6), MINUTES)
def test_the_order_in_which_tickers_left_word_does_not_matter(times: list[list[datetime]], moment: datetime) -> None:
    spans = [Span(since, until, tried) for tried, since, until in times]
    now = DAY + timedelta(days=2)
    assert why_missed(moment, spans, now) == why_missed(moment, spans[::-1], now)
