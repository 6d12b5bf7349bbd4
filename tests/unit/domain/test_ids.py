"""Run ids."""

from __future__ import annotations

import time
import uuid

from runbell.domain.ids import new_run_id


def test_an_id_is_a_uuid_of_version_7() -> None:
    parsed = uuid.UUID(new_run_id())
    assert parsed.version == 7
    assert parsed.variant == uuid.RFC_4122


def test_an_id_holds_the_moment_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid.UUID(new_run_id()).int >> 80
    assert before <= made <= time.time_ns() // 1_000_000


def test_ids_of_one_millisecond_differ() -> None:
    assert len({new_run_id() for _ in range(10_000)}) == 10_000
