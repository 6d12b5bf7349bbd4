"""``runbell tick --once``."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from runbell.actions import tick
from runbell.domain.tasks import TaskDefinition
from runbell.testing import FakeDispatcher
from tests.cli.conftest import Runbell
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("dispatcher")]
Declare = Callable[..., TaskDefinition]


def test_one_tick_says_what_it_did(runbell: Runbell, declare: Declare) -> None:
    declare("tidy_up")
    runbell("trigger", "tidy_up")
    assert runbell("tick", "--once", "--json").document == {
        "fire_due": 0,
        "doubt": 0,
        "relay": 0,
        "reap": 0,
        "release": 0,
        "seal_audit": 1,
    }
    assert runbell("tick", "--once").out == "fire_due 0, doubt 0, relay 0, reap 0, release 0, seal_audit 0\n"


def test_the_first_tick_learns_the_schedules(runbell: Runbell, declare: Declare) -> None:
    declare("tidy_up", interval=1)
    assert runbell("tick", "--once").code == 0
    fired: list[int] = []

    def fires() -> bool:
        fired.append(runbell("tick", "--once", "--json").document["fire_due"])
        return sum(fired) > 0

    wait_until(fires, 10, "a run that fell due")
    assert runbell("runs", "--trigger", "schedule", "--json").document["runs"]


def test_a_step_that_failed_is_exit_code_1(
    runbell: Runbell, dispatcher: FakeDispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> int:
        raise RuntimeError

    monkeypatch.setitem(tick.STEPS, "doubt", fail)
    result = runbell("tick", "--once", "--json")
    assert (result.code, result.document["doubt"]) == (1, None)
    assert "failed: doubt" in result.err
