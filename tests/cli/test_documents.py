"""What ``--json`` makes of the dataclasses of actions and queries."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from runbell.domain.states import State
from runbell.management.cli.documents import as_text


@dataclass(frozen=True)
class Inner:
    at: datetime
    state: State


@dataclass(frozen=True)
class Outer:
    inner: Inner
    listed: tuple[Inner, ...]
    took: timedelta
    anything: dict[str, object]


def test_everything_becomes_plain_json() -> None:
    inner = Inner(datetime(2026, 1, 16, 9, 0, tzinfo=UTC), State.SUCCESS)
    outer = Outer(inner, (inner,), timedelta(seconds=1.5), {"nested": {"set": {1}}, "none": None})
    plain = {"at": "2026-01-16T09:00:00+00:00", "state": "SUCCESS"}
    assert json.loads(as_text(outer)) == {
        "inner": plain,
        "listed": [plain],
        "took": 1.5,
        "anything": {"nested": {"set": [1]}, "none": None},
    }


def test_named_tuples_keep_their_names() -> None:
    class Mark(NamedTuple):
        state: State
        seconds: float

    assert json.loads(as_text([Mark(State.SUCCESS, 0.5)])) == [{"state": "SUCCESS", "seconds": 0.5}]


def test_text_of_other_alphabets_stays_readable() -> None:
    assert "Prüfung 試験" in as_text({"title": "Prüfung 試験"})
