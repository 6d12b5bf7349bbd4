"""Workers are killed, stopped and starved: what was accepted runs once, or says why not."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import httpx
import psutil
import pytest

from runbell.engine.farewell import PATIENCE
from tests.acceptance.shop import Shop
from tests.support.processes import Process
from tests.support.stacks import Stack
from tests.support.waiting import wait_until

SEEN_WITHIN = 30.0
"""Seconds within which the death of a worker is seen."""
STOPS_WITHIN = 15.0
"""Seconds within which a worker that has nothing to do has stopped; its children would wait for 30."""


@pytest.fixture(scope="module")
def shop(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop of this module's own; each test starts and ends its workers."""
    folder = tmp_path_factory.mktemp("shop")
    shop = Shop(folder, stack.environment(folder, "shop"))
    try:
        shop.open()
        yield shop
    finally:
        shop.close()


@pytest.fixture
def client(shop: Shop) -> Iterator[httpx.Client]:
    with shop.client() as client:
        yield client


def busy_worker(shop: Shop, client: httpx.Client, task: str = "nap", seconds: float = 300.0) -> tuple[Process, str]:
    """Start a worker with one slot and a run in it."""
    worker = shop.worker("one")
    run_id = shop.trigger(client, task, seconds=seconds)
    shop.wait_for_state(client, run_id, "STARTED")
    return worker, run_id


def test_a_worker_is_killed_with_runs_in_hand(shop: Shop, client: httpx.Client) -> None:
    worker, running = busy_worker(shop, client)
    held = [shop.trigger(client, "nap") for _ in range(3)]
    shop.wait_for_state(client, held[0], "RECEIVED")
    worker.kill()
    second = shop.worker("two")
    assert shop.wait_for_state(client, running, "LOST", timeout=SEEN_WITHIN + 2)["attempt"] == 1
    assert shop.finished(client, held) == ["SUCCESS"] * 3
    assert {shop.starts()[run_id] for run_id in (running, *held)} == {1}
    second.stop()


def test_a_lost_attempt_is_repeated_where_that_is_safe(shop: Shop, client: httpx.Client) -> None:
    worker, run_id = busy_worker(shop, client, "safe_nap")
    worker.kill()
    second = shop.worker("two")
    run = shop.wait_for_state(client, run_id, "SUCCESS", timeout=SEEN_WITHIN + 10)
    assert (run["attempt"], shop.starts()[run_id]) == (2, 2)
    second.stop()


@pytest.mark.parametrize(("task", "ends"), [("nap", "LOST"), ("safe_nap", "SUCCESS")])
def test_only_the_pool_s_child_is_killed(shop: Shop, client: httpx.Client, task: str, ends: str) -> None:
    worker, run_id = busy_worker(shop, client, task)
    (child,) = psutil.Process(worker.pid).children()
    child.kill()
    shop.wait_for_state(client, run_id, ends, timeout=SEEN_WITHIN)
    worker.stop()


def test_a_warm_shutdown_finishes_what_runs_and_gives_the_rest_back(shop: Shop, client: httpx.Client) -> None:
    worker, running = busy_worker(shop, client, seconds=8.0)
    held = [shop.trigger(client, "nap") for _ in range(3)]
    shop.wait_for_state(client, held[0], "RECEIVED")
    os.kill(worker.pid, signal.SIGTERM)
    wait_until(lambda: "RETURNED" in shop.kinds(client, held[0]), 7, "what it held goes back while it still runs")
    assert shop.wait_for_state(client, running, "SUCCESS")["attempt"] == 1
    assert worker.wait(20) == 0
    assert {client.get(f"runs/{run_id}/").json()["state"] for run_id in held} <= {"ACCEPTED", "QUEUED", "SUCCESS"}
    second = shop.worker("two")
    assert shop.finished(client, held) == ["SUCCESS"] * 3
    assert {shop.starts()[run_id] for run_id in (running, *held)} == {1}
    second.stop()


def test_a_warm_shutdown_does_not_wait_for_a_run_that_was_just_being_handed_over(
    shop: Shop, client: httpx.Client
) -> None:
    worker = shop.worker("one")
    wait_until(lambda: psutil.Process(worker.pid).children(), 10, "it has a child")
    (child,) = psutil.Process(worker.pid).children()
    child.suspend()
    try:
        run_id = shop.trigger(client, "nap")
        shop.wait_for_state(client, run_id, "RECEIVED")
        os.kill(worker.pid, signal.SIGTERM)
        worker.wait_for_output("Warm shutdown")
        forgotten = time.monotonic() + PATIENCE + 1
        wait_until(lambda: time.monotonic() > forgotten, PATIENCE + 2, "the worker has given up the child's word")
        assert "RETURNED" in shop.kinds(client, run_id)
    finally:
        child.resume()
    assert worker.wait(STOPS_WITHIN) == 0
    second = shop.worker("two")
    assert shop.finished(client, [run_id]) == ["SUCCESS"]
    assert shop.starts()[run_id] == 1
    second.stop()


def test_a_warm_shutdown_finishes_what_runs_in_a_child_that_took_the_place_of_another_one(
    shop: Shop, client: httpx.Client
) -> None:
    worker, run_id = worker_with_a_second_child(shop, client, seconds=4.0)
    assert worker.stop(timeout=STOPS_WITHIN) == 0
    assert client.get(f"runs/{run_id}/").json()["state"] == "SUCCESS"


def test_a_child_ends_with_its_worker_s_main_process(shop: Shop, client: httpx.Client) -> None:
    worker, run_id = worker_with_a_second_child(shop, client, seconds=300.0)
    child = psutil.Process(shop.process_of(run_id))
    os.kill(worker.pid, signal.SIGKILL)
    wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, 5, "it ends")


def worker_with_a_second_child(shop: Shop, client: httpx.Client, *, seconds: float) -> tuple[Process, str]:
    """Start a worker whose first child has done its one run, and a run in the child that took its place."""
    worker = shop.worker("one", "-c", "1", "--max-tasks-per-child", "1")
    assert shop.finished(client, [shop.trigger(client, "nap")]) == ["SUCCESS"]
    run_id = shop.trigger(client, "nap", seconds=seconds)
    wait_until(lambda: shop.starts()[run_id], SEEN_WITHIN, "its code runs")
    return worker, run_id


def test_a_cold_shutdown_says_at_once_what_it_cut_off(shop: Shop, client: httpx.Client) -> None:
    worker, running = busy_worker(shop, client)
    held = shop.trigger(client, "nap")
    shop.wait_for_state(client, held, "RECEIVED")
    worker.signal_group(signal.SIGQUIT)
    worker.wait(20)
    second = shop.worker("two")
    shop.wait_for_state(client, running, "LOST", timeout=SEEN_WITHIN)
    assert shop.finished(client, [held]) == ["SUCCESS"]
    assert {shop.starts()[run_id] for run_id in (running, held)} == {1}
    second.stop()


def test_a_soft_shutdown_lets_finish_what_is_short(shop: Shop, client: httpx.Client) -> None:
    worker, running = busy_worker(shop, client, seconds=3.0)
    held = shop.trigger(client, "nap")
    shop.wait_for_state(client, held, "RECEIVED")
    os.kill(worker.pid, signal.SIGQUIT)
    worker.wait(30)
    assert client.get(f"runs/{running}/").json()["state"] == "SUCCESS"
    second = shop.worker("two")
    assert shop.finished(client, [held]) == ["SUCCESS"]
    assert {shop.starts()[run_id] for run_id in (running, held)} == {1}
    second.stop()


def test_a_retry_outlives_the_worker_that_had_its_message(shop: Shop, client: httpx.Client) -> None:
    worker = shop.worker("one")
    run_id = shop.trigger(client, "try_again", seconds=5.0)
    shop.wait_for_state(client, run_id, "RETRY")
    worker.kill()
    second = shop.worker("two")
    run = shop.wait_for_state(client, run_id, "SUCCESS", timeout=60)
    assert (run["attempt"], shop.starts()[run_id]) == (2, 2)
    second.stop()


def test_what_a_run_waits_for_is_right_within_ten_seconds(shop: Shop, client: httpx.Client) -> None:
    elsewhere = shop.worker("elsewhere", queue="celery")
    run_id = shop.trigger(client, "nap")

    def says(text: str) -> bool:
        return text in (client.get(f"runs/{run_id}/").json()["waiting_for"] or "")

    wait_until(lambda: says(f"no live worker consumes queue {shop.queue}; "), 10, "nobody consumes its queue")
    assert says("worker elsewhere@shop consumes celery")
    worker, running = busy_worker(shop, client)
    shop.wait_for_state(client, run_id, "SUCCESS")
    run_id = shop.trigger(client, "nap")
    wait_until(lambda: says("1 of 1 slots of worker one@shop are busy with Nap since"), 10, "the busy worker is named")
    worker.kill()
    wait_until(lambda: says("worker one@shop that took it from the broker is silent"), 10, "its silence is told")
    shop.wait_for_state(client, run_id, "ACCEPTED", "QUEUED", timeout=SEEN_WITHIN)
    wait_until(lambda: says("no live worker consumes queue"), 10, "nobody consumes its queue any more")
    second = shop.worker("two")
    assert shop.finished(client, [run_id]) == ["SUCCESS"]
    shop.wait_for_state(client, running, "LOST", timeout=SEEN_WITHIN)
    second.stop()
    elsewhere.stop()
