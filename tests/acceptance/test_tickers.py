"""However many tickers there are, and however they die: each occurrence becomes exactly one row."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.live import ROOT, LiveSystem
from tests.support.processes import Process
from tests.support.stacks import Stack
from tests.support.waiting import wait_until

SCHEDULES = ["one_at_a_time", "one_each", "one_for_all"]
SECONDS = 12
"""For how many moments of each schedule the tickers are watched at least."""


@pytest.fixture
def system(stack: Stack, tmp_path: Path, request: pytest.FixtureRequest) -> LiveSystem:
    """A system without web and worker, whose schedules are due every second."""
    environment = stack.environment(tmp_path, f"tickers{abs(hash(request.node.name))}")
    system = LiveSystem(tmp_path, environment | {"DJANGO_SETTINGS_MODULE": "tests.support.ticking.settings"})
    system.manage("migrate", "--verbosity", "0")
    return system


def process(system: LiveSystem, name: str, *command: str) -> Process:
    log = system.folder / f"{name}.log"
    return Process(name, [sys.executable, *command], log=log, environment=system.environment, folder=ROOT)


def moments(system: LiveSystem, schedule: str) -> list[datetime]:
    """Return the moments of a schedule that have a row."""
    rows = system.query("SELECT due_at FROM runbell_run WHERE schedule_name = %s ORDER BY due_at", [schedule])
    return [as_moment(due_at) for (due_at,) in rows]


def as_moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def count(system: LiveSystem, condition: str) -> int:
    found: int = system.query(f"SELECT count(*) FROM runbell_run WHERE {condition}")[0][0]
    return found


def watched(system: LiveSystem) -> bool:
    return all(len(moments(system, schedule)) >= SECONDS for schedule in SCHEDULES)


@pytest.mark.parametrize("number", [1, 20])
def test_each_occurrence_becomes_one_row_while_tickers_are_killed_and_beat_runs_beside(
    system: LiveSystem, stack: Stack, number: int
) -> None:
    beat = ["celery", "-A", "edms", "beat", "-S", "runbell.engine.beat:Scheduler", "-s"]
    tickers = process(system, "tickers", "-m", "tests.support.ticking", str(number))
    beside = process(system, "beat", "-m", *beat, str(system.folder / "beat"))
    try:
        tickers.start()
        beside.start()
        wait_until(lambda: watched(system), 90, lambda: f"{SECONDS} moments\n{tickers.tail()}\n{beside.tail()}")
        tickers.stop()
        wait_until(lambda: count(system, "state = 'ACCEPTED'") == 0, 30, "beat relays what the dead left behind")
    finally:
        tickers.kill()
        beside.kill()
    for schedule in SCHEDULES:
        found = moments(system, schedule)
        assert found == [found[0] + timedelta(seconds=number) for number in range(len(found))]
        next_due_at = system.query("SELECT next_due_at FROM runbell_schedule WHERE name = %s", [schedule])[0][0]
        # On SQLite a ticker that starts with a slow clock looks again at a moment that has its row: no harm, no gap.
        assert as_moment(next_due_at) <= found[-1] + timedelta(seconds=1)
    assert count(system, "schedule_name = 'one_each' AND state IN ('MISSED', 'SKIPPED')") == 0
    assert count(system, "schedule_name = 'one_at_a_time' AND state NOT IN ('MISSED', 'SKIPPED')") == 1
    assert "cannot be fired" not in tickers.output() + beside.output()
    if stack.name == "servers":
        assert count(system, "requested_at < due_at") == 0
