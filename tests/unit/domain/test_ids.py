"""Run ids."""

from __future__ import annotations

import os
import time
import uuid

from runbell.domain.ids import new_run_id, new_tag


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


def test_a_child_never_makes_the_ids_of_its_parent() -> None:
    new_run_id()  # there is a stock of random bytes by now
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, "".join(new_run_id()[19:] for _ in range(5)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        theirs = pipe.read()
    os.waitpid(child, 0)
    assert len(theirs) == 5 * 17
    assert not any(new_run_id()[19:] in theirs for _ in range(5))


def test_tags_are_random_and_all_different() -> None:
    tags = {new_tag() for _ in range(10_000)}
    assert len(tags) == 10_000
    assert {uuid.UUID(tag).version for tag in tags} == {4}
