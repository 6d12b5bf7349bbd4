"""An attempt that the ledger has given up does not go on, whatever became of the worker that has it."""

from __future__ import annotations

import signal
import time
from functools import partial

import httpx
import pytest

from tests.acceptance.shop import Shop
from tests.support.processes import Process
from tests.support.waiting import wait_until

pytestmark = pytest.mark.servers
"""A stopped process may hold SQLite's one lock, and then nobody can write; PostgreSQL has none."""
SEEN_WITHIN = 30.0
FENCED_WITHIN = 5.0
QUIET = 1.0
"""Seconds without a trace after which an attempt's code has ended; it leaves one every twentieth of a second."""


def test_workers_that_were_stopped_for_long_and_wake_end_what_no_longer_counts(own_shop: Shop) -> None:
    with own_shop.client() as client:
        prefork, (lost, first) = asleep_with(own_shop, client, "prefork", "watch", "safe_watch", talks=False)
        threads, (second,) = asleep_with(own_shop, client, "threads", "safe_watch")
        own_shop.worker("awake", "-c", "4")
        for run_id in (first, second):
            wait_until(partial(own_shop.traced_at, run_id, 2), SEEN_WITHIN + 5, "it is repeated elsewhere")
        own_shop.wait_for_state(client, lost, "LOST", timeout=SEEN_WITHIN)
        for worker in (prefork, threads):
            worker.signal_group(signal.SIGCONT)
        for run_id in (lost, first, second):
            wait_until(partial(is_fenced, own_shop, client, run_id), FENCED_WITHIN, "it is fenced")
            wait_until(partial(is_quiet, own_shop, run_id), FENCED_WITHIN, "its code has ended")
        assert own_shop.finished(client, [own_shop.trigger(client, "nap") for _ in range(4)]) == ["SUCCESS"] * 4
        assert client.get(f"runs/{lost}/").json()["state"] == "LOST"
        assert [own_shop.starts()[run_id] for run_id in (lost, first, second)] == [1, 2, 2]
        for run_id in (first, second):
            still_counts(own_shop, client, run_id)
            client.post(f"runs/{run_id}/cancellation/", json={})


def asleep_with(
    shop: Shop, client: httpx.Client, pool: str, *tasks: str, talks: bool = True
) -> tuple[Process, list[str]]:
    """Start a worker with that pool, have it start these tasks, and stop it in the middle of them."""
    worker = shop.worker(pool, "-P", pool, "-c", "2")
    run_ids = [shop.trigger(client, task, seconds=300.0, talks=talks) for task in tasks]
    for run_id in run_ids:
        wait_until(partial(shop.traced_at, run_id, 1), SEEN_WITHIN, "its code runs")
    worker.signal_group(signal.SIGSTOP)
    return worker, run_ids


def is_fenced(shop: Shop, client: httpx.Client, run_id: str) -> bool:
    return "FENCED" in shop.kinds(client, run_id)


def is_quiet(shop: Shop, run_id: str) -> bool:
    """Return whether a run's first attempt has left no trace for a while."""
    return time.time() - shop.traced_at(run_id, 1) > QUIET


def still_counts(shop: Shop, client: httpx.Client, run_id: str) -> None:
    """Expect a run's second attempt to be under way, and its code to run."""
    run = client.get(f"runs/{run_id}/").json()
    assert (run["state"], run["attempt"], run["worker"]) == ("STARTED", 2, "awake@shop")
    assert time.time() - shop.traced_at(run_id, 2) < QUIET
