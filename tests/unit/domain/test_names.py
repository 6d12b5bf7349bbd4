"""The spellings of a task's name."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbell.domain.names import is_valid_name, normalise, short_name

NAMES = st.from_regex(re.compile(r"[a-z][a-z0-9_]{0,119}", re.ASCII), fullmatch=True)


@given(NAMES)
def test_a_name_and_its_hyphenated_form_are_one(name: str) -> None:
    assert is_valid_name(name)
    assert normalise(name.replace("_", "-")) == normalise(f" {name.upper()} ") == name


@given(st.text())
def test_normalising_twice_changes_nothing_more(spelling: str) -> None:
    assert normalise(normalise(spelling)) == normalise(spelling)


@pytest.mark.parametrize(
    "name", ["", "1st", "_hidden", "Send", "send-report", "send report", "send\n", "a" * 121, "prüfen", "a.b"]
)
def test_names_that_are_none(name: str) -> None:
    assert not is_valid_name(name)


@pytest.mark.parametrize(("path", "short"), [("app.tasks.add", "add"), ("add", "add"), ("app.", "")])
def test_the_last_part_of_a_path(path: str, short: str) -> None:
    assert short_name(path) == short
