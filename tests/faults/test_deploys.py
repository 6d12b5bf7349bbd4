"""What falls due while nobody is there is not missed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.acceptance.test_tickers import as_moment
from tests.support.live import LiveSystem
from tests.support.stacks import Stack
from tests.support.waiting import wait_until
from tests.support.witness.testimony import FILE, START, words

SCHEDULE = "witness_clock"
BEFORE, AWAY = 2, 8
"""Seconds, and as many moments of a schedule that is due every second."""


@pytest.fixture
def system(stack: Stack, tmp_path: Path) -> Iterator[LiveSystem]:
    """A system with a schedule of seconds; it needs no web process."""
    ours = {"DJANGO_SETTINGS_MODULE": "tests.support.witness.settings", FILE: str(tmp_path / "testimony")}
    system = LiveSystem(tmp_path, stack.environment(tmp_path, "deploy") | ours)
    system.manage("migrate", "--verbosity", "0")
    yield system
    system.stop()


def test_every_moment_of_a_deploy_is_made_up_for_once(system: LiveSystem) -> None:
    system.worker.start()
    wait_until(lambda: finished(system) >= BEFORE, 60, system.worker.tail)
    assert system.worker.stop(timeout=30) == 0
    back = moments(system)[-1] + timedelta(seconds=AWAY)
    wait_until(lambda: datetime.now(UTC) > back, AWAY + 1, "the deploy lasts")
    before = system.worker.output().count(" ready.")
    system.worker.start()
    wait_until(lambda: system.worker.output().count(" ready.") > before, 60, system.worker.tail)
    wait_until(lambda: finished(system) >= BEFORE + AWAY + 2, 60, system.worker.tail)
    assert system.worker.stop(timeout=15) == 0

    due = moments(system)
    assert due == [due[0] + timedelta(seconds=number) for number in range(len(due))]
    unkept = system.query("SELECT state FROM runbell_run WHERE state IN ('MISSED', 'SKIPPED', 'LOST', 'FAILURE')")
    assert unkept == []
    starts = [word.run_id for word in words(system.folder / "testimony") if word.what == START]
    assert len(starts) == len(set(starts))


def finished(system: LiveSystem) -> int:
    statement = "SELECT count(*) FROM runbell_run WHERE schedule_name = %s AND state = 'SUCCESS'"
    found: int = system.query(statement, [SCHEDULE])[0][0]
    return found


def moments(system: LiveSystem) -> list[datetime]:
    """Return the moments that have a row, in order."""
    statement = "SELECT due_at FROM runbell_run WHERE schedule_name = %s ORDER BY due_at"
    return [as_moment(due_at) for (due_at,) in system.query(statement, [SCHEDULE])]
