"""The audit chain: any change to any entry breaks it."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbell.domain.chain import GENESIS, canonical, is_signed, link, sign

VALUES = st.none() | st.booleans() | st.integers() | st.text()
CONTENTS = st.dictionaries(st.text(), VALUES | st.lists(VALUES, max_size=3), max_size=6)


def seal(contents: list[dict[str, Any]]) -> list[str]:
    hashes = [GENESIS]
    for sequence, content in enumerate(contents, start=1):
        hashes.append(link(sequence, hashes[-1], canonical(content)))
    return hashes[1:]


@given(CONTENTS)
def test_the_canonical_form_survives_json_and_the_order_of_keys(content: dict[str, Any]) -> None:
    written = canonical(content)
    reversed_content = dict(reversed(content.items()))
    assert canonical(json.loads(written)) == canonical(reversed_content) == written
    assert written.isascii()


@given(CONTENTS, CONTENTS)
def test_different_contents_have_different_forms(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (canonical(one) == canonical(other)) == (
        json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_cannot_say_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical({"value": value})


@given(st.lists(CONTENTS, min_size=2, max_size=6, unique_by=canonical), st.data())
def test_a_changed_removed_or_moved_entry_changes_every_later_hash(
    contents: list[dict[str, Any]], data: st.DataObject
) -> None:
    sealed = seal(contents)
    place = data.draw(st.integers(0, len(contents) - 2))
    changed = [*contents]
    changed[place] = {**changed[place], "": "changed behind the application's back"}
    removed = contents[:place] + contents[place + 1 :]
    swapped = [*contents]
    swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
    for tampered in (changed, removed, swapped):
        hashes = seal(tampered)
        assert hashes[:place] == sealed[:place]
        assert not set(hashes[place:]) & set(sealed[place:])


def test_a_link_is_the_sha_256_of_place_predecessor_and_content() -> None:
    expected = hashlib.sha256(f"7:{GENESIS}:".encode() + b'{"a":1}').hexdigest()
    assert link(7, GENESIS, canonical({"a": 1})) == expected


@given(st.binary(), st.binary(min_size=1))
def test_a_signature_holds_for_its_key_and_its_data_only(data: bytes, key: bytes) -> None:
    signature = sign(key, data)
    assert signature == hmac.new(key, data, "sha256").hexdigest()
    assert is_signed([b"another", key], data, signature)
    assert not is_signed([key], data + b"!", signature)
    assert not is_signed([], data, signature)


def test_another_key_makes_another_signature() -> None:
    assert not is_signed([b"new key"], b"data", sign(b"old key", b"data"))
