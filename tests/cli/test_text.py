"""Tables and values as people see them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbell.management.cli.table import pairs, table
from runbell.management.cli.text import cell, display_width, duration, relative, shorten

ROWS = st.lists(
    st.tuples(st.text(max_size=40), st.integers(), st.none() | st.text(max_size=40)), min_size=1, max_size=5
)


def test_columns_are_aligned_and_numbers_stand_on_the_right() -> None:
    assert table(["task", "count"], [("send_report", 7), ("clean_up", 120)]).splitlines() == [
        "TASK         COUNT",
        "send_report      7",
        "clean_up       120",
    ]


@given(ROWS, st.integers(31, 120))
def test_no_line_is_wider_than_the_terminal(rows: list[tuple[object, ...]], width: int) -> None:
    lines = table(["id", "a", "b", "c"], [("0198-7c3a", *row) for row in rows], width + 8).splitlines()
    assert all(display_width(line) <= width + 8 for line in lines)


def test_the_first_column_is_never_cut() -> None:
    row = ("019a20a2-dd5b-7890-895e-65b9af5e11d4", "x" * 100)
    assert row[0] in table(["id", "text"], [row], 40)


@given(ROWS)
def test_there_is_one_line_a_row_whatever_is_in_it(rows: list[tuple[object, ...]]) -> None:
    assert len(table(["a", "b", "c"], rows).split("\n")) == len(rows) + 1


def test_into_a_pipe_nothing_is_cut() -> None:
    assert "x" * 500 in table(["a"], [("x" * 500,)])


def test_what_could_drive_a_terminal_is_taken_out() -> None:
    assert cell("\x1b[31mred\x1b[0m\r\n\u202eevil") == " [31mred [0m   evil"


def test_wide_characters_take_two_columns() -> None:
    assert display_width("日本") == 4
    assert display_width("e\u0301") == 1
    assert shorten("日本語", 5) == "日本…"


@given(st.text(), st.integers(1, 30))
def test_shortened_text_fits(text: str, width: int) -> None:
    assert display_width(shorten(text, width)) <= width


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "-"), ("", "-"), (True, "yes"), (False, "no"), (0, "0"), ([], "-"), (["a", None], "a, -")],
)
def test_values_in_words(value: object, text: str) -> None:
    assert cell(value) == text


def test_a_time_names_its_zone() -> None:
    assert cell(datetime(2026, 1, 16, 9, 0, 5, tzinfo=UTC)).startswith("2026-01-16 ")
    assert cell(datetime(2026, 1, 16, 9, 0, 5, tzinfo=UTC)).count(":") == 2


@pytest.mark.parametrize(
    ("seconds", "text"), [(None, "-"), (0.4321, "0.43 s"), (59.9, "59.90 s"), (125, "2 m 05 s"), (11_400, "3 h 10 m")]
)
def test_durations_in_words(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s ago"), (45, "in 45 s"), (-119, "119 s ago"), (300, "in 5 min"), (-7200, "2 h ago"), (864_000, "in 10 d")],
)
def test_times_as_they_lie_from_now(seconds: int, text: str) -> None:
    now = datetime(2026, 1, 16, 9, tzinfo=UTC)
    assert relative(now + timedelta(seconds=seconds), now) == text
    assert relative(None, now) == "-"


def test_pairs_align_their_values() -> None:
    assert pairs([("id", "0198"), ("reason", "")]) == "id      0198\nreason  -"
