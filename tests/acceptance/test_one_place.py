"""One run of a task at a time, with two web processes that ask and workers that die."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.support.live import API, ROOT, LiveSystem, _web_command, _worker_command
from tests.support.ports import free_port
from tests.support.processes import Process
from tests.support.stacks import Stack
from tests.support.waiting import wait_until

SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.acceptance.one_place.settings"}
OVER = "SELECT task_id, state, started_at, finished_at FROM runbell_run WHERE task_name = %s ORDER BY id"


@pytest.fixture(scope="module")
def system(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSystem]:
    folder = tmp_path_factory.mktemp("one-place")
    system = LiveSystem(folder, stack.environment(folder, "one_place") | SETTINGS)
    try:
        system.prepare()
        system.start()
        yield system
    finally:
        system.stop()


@pytest.fixture
def second_web(system: LiveSystem) -> Iterator[str]:
    """The address of another web process over the same ledger."""
    port = free_port()
    log = system.folder / "web-2.log"
    web = Process("web-2", _web_command(port), log=log, environment=system.environment, folder=ROOT)
    web.start()
    try:
        wait_until(lambda: _answers(port), 30, web.tail)
        yield f"http://127.0.0.1:{port}{API}"
    finally:
        web.kill()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).is_success
    except httpx.TransportError:
        return False


def ask(system: LiveSystem, task: str, seconds: float, url: str = "") -> Any:
    with system.client() as client:
        body = {"task_name": task, "params": {"seconds": seconds}}
        answer = client.post(f"{url}monitoring/manual-trigger/", json=body)
        assert answer.status_code == 202, answer.text
        return answer.json()


def states(system: LiveSystem, *run_ids: str) -> list[str]:
    with system.client() as client:
        return [client.get(f"runs/{run_id}/").json()["state"] for run_id in run_ids]


def test_runs_asked_for_at_two_web_processes_run_one_by_one_in_order(system: LiveSystem, second_web: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(ask, system, "one-by-one", 0.2, ("", second_web)[number % 2]) for number in range(8)]
        answers = [each.result() for each in asked]
    wait_until(
        lambda: {row[1] for row in system.query(OVER, ["one_by_one"])} == {"SUCCESS"},
        60,
        lambda: f"all ran\n{system.query(OVER, ['one_by_one'])}\n{system.worker.tail()}",
    )
    runs = system.query(OVER, ["one_by_one"])
    assert {row[0] for row in runs} == {answer["task_id"] for answer in answers}
    assert all(started >= ended for (*_, ended), (_, _, started, _) in pairwise(runs))


def test_the_newest_has_the_running_one_ended(system: LiveSystem) -> None:
    first = ask(system, "latest-wins", 120)["task_id"]
    wait_until(lambda: states(system, first) == ["STARTED"], 30, "it runs")
    second = ask(system, "latest-wins", 0.1)
    assert (second["status"], second["waits_for"]) == ("waiting", first)
    wait_until(
        lambda: states(system, first, second["task_id"]) == ["REVOKED", "SUCCESS"],
        30,
        lambda: f"{states(system, first, second['task_id'])}\n{system.worker.tail()}",
    )


def test_a_cancelled_run_has_time_to_tidy_up(system: LiveSystem) -> None:
    run_id = ask(system, "tidies-up", 120)["task_id"]
    wait_until(lambda: states(system, run_id) == ["STARTED"], 30, "it runs")
    with system.client() as client:
        client.post(f"runs/{run_id}/cancellation/").raise_for_status()
    wait_until(lambda: states(system, run_id) == ["REVOKED"], 30, system.worker.tail)
    assert (system.folder / "tidied").exists()


def test_a_signal_to_a_child_of_the_pool_reaches_its_main_thread(system: LiveSystem) -> None:
    """One that another thread took would kill a child while it holds the lock that all of them share."""
    run_id = ask(system, "latest-wins", 0.1)["task_id"]
    wait_until(lambda: states(system, run_id) == ["SUCCESS"], 30, system.worker.tail)
    children = psutil.Process(system.worker.pid).children()
    others = [thread.id for each in children for thread in each.threads() if thread.id != each.pid]
    assert others
    assert [thread for thread in others if not _blocks(thread, signal.SIGTERM)] == []


def _blocks(thread: int, number: signal.Signals) -> bool:
    """Return whether a thread blocks a signal; see proc(5) for the mask."""
    status = Path(f"/proc/{thread}/status").read_text()
    (mask,) = re.findall(r"^SigBlk:\s*(\w+)", status, re.MULTILINE)
    return bool(int(mask, 16) >> (number - 1) & 1)


def test_a_run_whose_worker_was_killed_holds_nobody_up(system: LiveSystem) -> None:
    first, second = (ask(system, "one-by-one", seconds)["task_id"] for seconds in (120, 0.1))
    wait_until(lambda: states(system, first) == ["STARTED"], 30, "it runs")
    system.worker.kill()
    log = system.folder / "worker-2.log"
    other = Process("worker-2", _worker_command(2), log=log, environment=system.environment, folder=ROOT)
    other.start()
    try:
        wait_until(
            lambda: states(system, first, second) == ["LOST", "SUCCESS"],
            60,
            lambda: f"{states(system, first, second)}\n{other.tail()}",
        )
    finally:
        other.kill()
