"""Facts are written in batches, however steadily they come."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import pytest

from runbell.actions import record
from runbell.engine.facts import FactWriter

FACTS = 300


def test_facts_that_come_one_by_one_are_gathered_and_none_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[list[str]] = []
    pace = threading.Event()

    def write(times: Mapping[str, object]) -> None:
        batches.append(list(times))
        pace.wait(0.005)

    monkeypatch.setattr(record, "published", write)
    writer = FactWriter()
    for number in range(FACTS):
        writer.published(f"run-{number}")
        pace.wait(0.001)
    assert writer.flush(10)
    assert [run_id for batch in batches for run_id in batch] == [f"run-{number}" for number in range(FACTS)]
    assert len(batches) < FACTS / 10
