"""Every pool runs what is asked, or its worker says at the start that it cannot."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.acceptance.shop import Shop
from tests.support.stacks import ServersStack, Stack

POOLS = {
    "solo": ("-P", "solo"),
    "threads": ("-P", "threads", "-c", "4"),
    "gevent": ("-P", "gevent", "-c", "4"),
    "prefork": ("-c", "2"),
}


@pytest.fixture(scope="module")
def shop(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop of this module's own."""
    folder = tmp_path_factory.mktemp("pools")
    shop = Shop(folder, stack.environment(folder, "pools"))
    try:
        shop.open()
        yield shop
    finally:
        shop.close()


@pytest.mark.parametrize("pool", POOLS)
def test_runs_succeed_once_and_their_worker_is_seen_to_live(shop: Shop, pool: str) -> None:
    with shop.client() as client:
        worker = shop.worker(pool, *POOLS[pool])
        long = shop.trigger(client, "nap", seconds=3.0)
        shop.wait_for_state(client, long, "STARTED")
        before = client.get("workers/").json()["items"][0]["heartbeat_at"]
        run_ids = [shop.trigger(client, "query") for _ in range(30)]
        assert set(shop.finished(client, [long, *run_ids])) == {"SUCCESS"}
        (seen,) = (each for each in client.get("workers/").json()["items"] if each["name"] == f"{pool}@shop")
        assert seen["pool"] == pool.removesuffix("s")
        assert seen["heartbeat_at"] > before, "its heart beats while it is busy"
        assert {shop.starts()[run_id] for run_id in (long, *run_ids)} == {1}
        assert worker.stop() == 0


def test_children_that_live_for_one_run_inherit_no_connection(shop: Shop, stack: Stack) -> None:
    """A connection that two processes use answers the one with what the other asked, or breaks."""
    with shop.client() as client:
        worker = shop.worker("shortlived", "-c", "2", "--max-tasks-per-child", "1")
        run_ids = [shop.trigger(client, "query") for _ in range(60)]
        assert set(shop.finished(client, run_ids, timeout=120)) == {"SUCCESS"}
        results = [client.get(f"runs/{run_id}/").json()["result"] for run_id in run_ids]
        assert len({result["process"] for result in results}) == len(run_ids), "every run had a child of its own"
        if isinstance(stack, ServersStack):
            assert len({result["backend"] for result in results}) == len(run_ids), "and a connection of its own"
        said = worker.output().replace("OperationalError('database is locked')", "SQLite has one writer at a time")
        for complaint in ("InterfaceError", "OperationalError", "DatabaseError", "lost synchronization"):
            assert complaint not in said
        assert worker.stop() == 0
