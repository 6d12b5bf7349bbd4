"""Values that every database keeps and gives back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbell.domain.errors import InvalidParams
from runbell.domain.jsonable import bounded, clean_text, require_storable

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters())
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@pytest.mark.parametrize(
    "value", [{"a": "\0"}, {"\0": 1}, "\ud800", {"\udfff": 1}, float("nan"), [float("-inf")], {"a": object()}]
)
def test_what_a_database_cannot_store_is_refused(value: Any) -> None:
    with pytest.raises(InvalidParams):
        require_storable("params", value)


def test_a_backslash_is_not_a_nul() -> None:
    require_storable("params", {"path": "C:\\u0000 is text"})


def test_a_backslash_in_a_result_does_no_harm() -> None:
    assert bounded({"path": "C:\\u0000"}, 1000) == {"path": "C:\\u0000"}


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_every_other_text_can_be_stored(text: str) -> None:
    require_storable("reason", text)


@given(st.text(st.characters()), st.integers(1, 50))
def test_cleaned_text_can_be_stored_and_is_bounded(text: str, limit: int) -> None:
    cleaned = clean_text(text, limit)
    assert len(cleaned) <= limit
    require_storable("text", cleaned)


@given(JSON, st.integers(20, 400))
def test_bounded_data_can_be_stored(value: Any, limit: int) -> None:
    kept = bounded(value, limit)
    require_storable("result", kept)


@given(st.text(st.characters(codec="ascii", exclude_characters="\0"), min_size=200))
def test_what_is_too_large_says_that_it_was_cut(text: str) -> None:
    kept = bounded({"text": text}, 100)
    assert kept["cut"] is True
    assert kept["bytes"] == len(json.dumps({"text": text}))


def test_what_json_has_no_form_for_is_kept_as_text() -> None:
    assert bounded({"at": 1j}, 1000) == {"at": "1j"}
