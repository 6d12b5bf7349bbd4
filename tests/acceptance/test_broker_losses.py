"""A broker loses all its data, a database restarts: every run that was accepted runs once all the same."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import connections
from kombu import Connection

from tests.acceptance.shop import Shop
from tests.support.servers import RabbitMQ, Unavailable, refuse
from tests.support.stacks import ServersStack, Stack
from tests.support.waiting import wait_until

NOTICED_WITHIN = 60.0
Lose = Callable[[], None]


@pytest.fixture(scope="module")
def shop(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop on this stack's broker: Redis, or a folder."""
    folder = tmp_path_factory.mktemp("losses")
    shop = Shop(folder, stack.environment(folder, "losses"))
    try:
        shop.open()
        yield shop
    finally:
        shop.close()


@pytest.fixture(scope="module")
def rabbit_shop(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop on the system's RabbitMQ, with a queue of its own."""
    if not isinstance(stack, ServersStack):
        pytest.skip("RabbitMQ is tried with PostgreSQL")
    try:
        url = RabbitMQ().url()
    except Unavailable as error:
        refuse(error)
    folder, queue = tmp_path_factory.mktemp("rabbit"), f"runbell-test-{uuid.uuid4().hex}"
    shop = Shop(folder, stack.environment(folder, "rabbit") | {"CELERY_BROKER_URL": url}, queue)
    try:
        shop.open()
        yield shop
    finally:
        shop.close()
        with Connection(url) as connection:
            channel: Any = connection.default_channel
            channel.queue_delete(queue)


def triggered(shop: Shop, client: httpx.Client, number: int = 5) -> list[str]:
    """Trigger runs that nobody takes, and wait until the broker has them."""
    run_ids = [shop.trigger(client, "nap") for _ in range(number)]
    for run_id in run_ids:
        shop.wait_for_state(client, run_id, "QUEUED")
    return run_ids


def all_run_once(shop: Shop, client: httpx.Client, run_ids: list[str]) -> None:
    """Start a worker, and expect every run to have run once."""
    worker = shop.worker("after")
    assert set(shop.finished(client, run_ids, NOTICED_WITHIN)) == {"SUCCESS"}
    assert {shop.starts()[run_id] for run_id in run_ids} == {1}
    worker.stop()


def test_the_broker_forgets_everything_while_nobody_works(shop: Shop, stack: Stack) -> None:
    with shop.client() as client:
        run_ids = triggered(shop, client)
        if isinstance(stack, ServersStack):
            stack.redis.kill()
            stack.redis.start()
        else:
            shutil.rmtree(_broker_folder(shop))
        all_run_once(shop, client, run_ids)


def test_the_broker_forgets_everything_under_a_worker_that_holds_runs(shop: Shop, stack: Stack) -> None:
    with shop.client() as client:
        worker = shop.worker("before")
        busy = shop.trigger(client, "nap", seconds=15.0)
        shop.wait_for_state(client, busy, "STARTED")
        run_ids = [shop.trigger(client, "nap") for _ in range(10)]
        shop.wait_for_state(client, run_ids[0], "RECEIVED")
        if isinstance(stack, ServersStack):
            stack.redis.kill()
            stack.redis.start()
        else:
            for message in _broker_folder(shop).rglob("*.msg"):
                message.unlink(missing_ok=True)
        assert set(shop.finished(client, [busy, *run_ids], NOTICED_WITHIN)) == {"SUCCESS"}
        assert {shop.starts()[run_id] for run_id in (busy, *run_ids)} == {1}
        worker.stop()


@pytest.mark.parametrize("what", ["queue_purge", "queue_delete"])
def test_a_queue_of_rabbitmq_is_emptied_or_deleted(rabbit_shop: Shop, what: str) -> None:
    shop = rabbit_shop
    with shop.client() as client:
        run_ids = triggered(shop, client)
        with Connection(shop.system.environment["CELERY_BROKER_URL"]) as connection:
            getattr(connection.default_channel, what)(shop.queue)
        all_run_once(shop, client, run_ids)


def test_the_database_restarts_under_a_run(shop: Shop, stack: Stack) -> None:
    if not isinstance(stack, ServersStack):
        pytest.skip("SQLite has no process that could be restarted")
    with shop.client() as client:
        worker = shop.worker("through")
        running = shop.trigger(client, "nap", seconds=4.0)
        shop.wait_for_state(client, running, "STARTED")
        waiting = shop.trigger(client, "nap")
        stack.postgresql.stop()
        connections.close_all()  # This process' own ended with the server: the tests that follow need new ones.
        stack.postgresql.start()
        wait_until(lambda: client.get("runs/").status_code == 200, 30, "the web process reads again")
        assert shop.finished(client, [running, waiting], NOTICED_WITHIN) == ["SUCCESS"] * 2
        assert {shop.starts()[run_id] for run_id in (running, waiting)} == {1}
        worker.stop()


def _broker_folder(shop: Shop) -> Path:
    return shop.system.folder / "broker"
