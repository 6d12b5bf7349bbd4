"""Remembering for a moment."""

from __future__ import annotations

import pytest

from runbell.domain import memory as memory_module
from runbell.domain.memory import RENEW_AFTER, ShortMemory
from tests.support.waiting import wait_until


def test_what_is_kept_is_forgotten_by_itself() -> None:
    memory: ShortMemory[str, int] = ShortMemory(10)
    memory.keep("a", 1, 60)
    memory.keep("b", 2, 0.05)
    assert memory.get("a") == 1
    wait_until(lambda: memory.get("b") is None, 2, "it is forgotten")


def test_nothing_is_kept_for_no_time() -> None:
    memory: ShortMemory[str, int] = ShortMemory(10)
    memory.keep("a", 1, 0)
    assert memory.get("a") is None


def test_what_is_forgotten_on_purpose_is_gone() -> None:
    memory: ShortMemory[str, int] = ShortMemory(10)
    memory.keep("a", 1, 60)
    memory.forget("a")
    memory.forget("never there")
    assert memory.get("a") is None


def test_it_never_holds_more_than_its_size() -> None:
    memory: ShortMemory[int, int] = ShortMemory(3)
    for number in range(10):
        memory.keep(number, number, 60)
    assert sum(memory.get(number) is not None for number in range(10)) <= 3
    assert memory.get(9) == 9


def test_one_of_those_who_ask_renews_it_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(memory_module.time, "monotonic", lambda: now)
    memory: ShortMemory[str, int] = ShortMemory(10)
    memory.keep("a", 1, 10)
    now += 10 * RENEW_AFTER
    assert [memory.get("a") for _ in range(3)] == [None, 1, 1]
    now += 10
    assert memory.get("a") is None


def test_who_only_looks_never_renews(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(memory_module.time, "monotonic", lambda: now)
    memory: ShortMemory[str, int] = ShortMemory(10)
    memory.keep("a", 1, 10)
    now += 9.9
    assert memory.peek("a") == 1
    now += 0.2
    assert memory.peek("a") is None


def test_renewing_a_value_forgets_no_other_however_full_it_is() -> None:
    memory: ShortMemory[str, int] = ShortMemory(2)
    memory.keep("a", 1, 60)
    memory.keep("b", 1, 60)
    memory.keep("b", 2, 60)
    assert (memory.peek("a"), memory.peek("b")) == (1, 2)
