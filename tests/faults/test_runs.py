"""A run that was accepted runs once, whatever dies, restarts, stops or is told twice."""

from __future__ import annotations

import os
import signal
from functools import partial
from typing import Any
from unittest.mock import patch

import httpx
import psutil
import pytest
from kombu import Connection

from tests.acceptance.shop import Shop
from tests.acceptance.test_walk_through import trigger
from tests.faults.brokers import Broker
from tests.support.processes import Process
from tests.support.proxy import Mode
from tests.support.waiting import wait_until

servers_only = pytest.mark.servers
SEEN_WITHIN = 30.0
LONGER_THAN_AN_ABSENCE = 14.0
"""Seconds after which a worker has noticed that it does not have a run that it should have."""
AGAIN_WITHIN = 20.0
"""Seconds within which a worker whose connection was cut has a new one and what RabbitMQ delivers again."""


def runs_once(shop: Shop, client: httpx.Client, *run_ids: str) -> None:
    """Start a worker, and expect each run to succeed, started once."""
    worker = shop.worker("after")
    try:
        assert set(shop.finished(client, run_ids)) == {"SUCCESS"}
        assert {shop.starts()[run_id] for run_id in run_ids} == {1}
    finally:
        worker.stop()


@servers_only
def test_the_web_process_is_killed_right_after_its_answer(
    served_shop: Shop, client: httpx.Client, broker: Broker
) -> None:
    broker.proxy.switch(Mode.REFUSE)
    answer = trigger(client, "nap")
    served_shop.system.web.kill()
    assert answer["status"] == "accepted"
    broker.proxy.switch(Mode.PASS)
    served_shop.system.web.start()
    served_shop.system.wait_for_web()
    runs_once(served_shop, client, answer["task_id"])


@servers_only
@pytest.mark.parametrize("lose_data", [True, False], ids=["with its data lost", "with its data kept"])
def test_the_broker_is_killed_and_comes_back(
    served_shop: Shop, client: httpx.Client, broker: Broker, lose_data: bool
) -> None:
    run_ids = [served_shop.trigger(client, "nap") for _ in range(3)]
    for run_id in run_ids:
        served_shop.wait_for_state(client, run_id, "QUEUED")
    broker.restart(lose_data=lose_data)
    runs_once(served_shop, client, *run_ids)


@servers_only
def test_a_message_that_arrived_though_nobody_heard_so_is_sent_again_and_runs_once(
    served_shop: Shop, client: httpx.Client, broker: Broker
) -> None:
    wait_until(lambda: trigger(client, "nap")["status"] == "queued", 5, "the broker is in use")
    broker.proxy.turn(Mode.MUTE)
    answer = trigger(client, "nap")
    assert answer["status"] == "accepted"
    broker.proxy.switch(Mode.PASS)
    runs_once(served_shop, client, answer["task_id"])


@servers_only
def test_what_redis_delivers_again_after_its_visibility_timeout_runs_once(own_shop: Shop) -> None:
    with own_shop.client() as client:
        busy = own_shop.worker("busy")
        running = own_shop.trigger(client, "nap", seconds=8.0)
        own_shop.wait_for_state(client, running, "STARTED")
        held = own_shop.trigger(client, "nap")
        own_shop.wait_for_state(client, held, "RECEIVED")
        deliver_again(own_shop.system.environment["CELERY_BROKER_URL"])
        wait_until(lambda: own_shop.kinds(client, held).count("RECEIVED") > 1, 10, "Redis delivers it again")
        assert own_shop.finished(client, [running, held]) == ["SUCCESS"] * 2
        wait_until(lambda: "DUPLICATE_REFUSED" in own_shop.kinds(client, held), 15, "the other one is refused")
        assert {own_shop.starts()[run_id] for run_id in (running, held)} == {1}
        busy.stop()


def deliver_again(url: str) -> None:
    """Do what any of kombu's clients does with messages whose visibility timeout is over, with one of no time."""
    with Connection(url, transport_options={"visibility_timeout": 0}) as connection:
        channel: Any = connection.default_channel
        channel.qos.restore_visible(num=100, interval=1)


def test_workers_die_with_runs_in_hand_and_each_runs_once_or_is_repeated_once_it_has_ended(
    served_shop: Shop, broker: Broker
) -> None:
    with served_shop.client() as client:
        worker, running, held = busy_worker(served_shop, client)
        (child,) = psutil.Process(worker.pid).children()
        cut_the_connection(served_shop, client, broker, held)
        os.kill(worker.pid, signal.SIGKILL)
        served_shop.worker("two", "-c", "2")
        assert served_shop.finished(client, held) == ["SUCCESS"] * 2
        the_pool_s_child_is_killed(served_shop, client)
        wait_until(partial(served_shop.traced_at, running, 2), SEEN_WITHIN, "it is repeated")
        assert not is_alive(child), "the first attempt ended with its worker, though nobody ended its process"
        assert {served_shop.starts()[run_id] for run_id in held} == {1}
        assert served_shop.starts()[running] == 2
        client.post(f"runs/{running}/cancellation/", json={}).raise_for_status()


def busy_worker(shop: Shop, client: httpx.Client) -> tuple[Process, str, list[str]]:
    """Start a worker with one slot, a run in it and two more in hand."""
    worker = shop.worker("one")
    running = shop.trigger(client, "safe_watch", seconds=300.0, talks=False)
    wait_until(partial(shop.traced_at, running, 1), SEEN_WITHIN, "its code runs")
    held = [shop.trigger(client, "nap") for _ in range(2)]
    for run_id in held:
        shop.wait_for_state(client, run_id, "RECEIVED")
    return worker, running, held


def cut_the_connection(shop: Shop, client: httpx.Client, broker: Broker, held: list[str]) -> None:
    """Have what the worker has in hand be delivered again, where the broker does that at once: in RabbitMQ."""
    broker.proxy.switch(Mode.PASS)
    if broker.name == "rabbitmq":
        again = partial(received_again, shop, client, held)
        wait_until(again, AGAIN_WITHIN, "what the worker has in hand is delivered again")


def received_again(shop: Shop, client: httpx.Client, held: list[str]) -> bool:
    return all(shop.kinds(client, run_id).count("RECEIVED") > 1 for run_id in held)


@servers_only
@pytest.mark.parametrize("broker", ["rabbitmq"], indirect=True, scope="session")
def test_a_run_that_was_being_handed_over_when_the_connection_broke_is_not_called_lost(
    served_shop: Shop, client: httpx.Client, broker: Broker
) -> None:
    worker = served_shop.worker("four")
    (child,) = psutil.Process(worker.pid).children()
    child.suspend()
    try:
        run_id = served_shop.trigger(client, "nap", seconds=LONGER_THAN_AN_ABSENCE)
        served_shop.wait_for_state(client, run_id, "RECEIVED")
        broker.proxy.switch(Mode.REFUSE)
        worker.wait_for_output("Connection to broker lost")
    finally:
        child.resume()
    served_shop.wait_for_state(client, run_id, "STARTED")
    past_the_proxy(served_shop, broker)
    wait_until(lambda: "DUPLICATE_REFUSED" in served_shop.kinds(client, run_id), 15, "another worker had its message")
    broker.proxy.switch(Mode.PASS)
    assert served_shop.finished(client, [run_id]) == ["SUCCESS"]
    assert served_shop.starts()[run_id] == 1


def past_the_proxy(shop: Shop, broker: Broker) -> None:
    """Start another worker, whose connection to the broker nobody breaks."""
    direct = {"CELERY_BROKER_URL": broker.url.replace(str(broker.proxy.port), str(broker.server.port))}
    with patch.object(shop.system, "environment", shop.system.environment | direct):
        shop.worker("five")


def the_pool_s_child_is_killed(shop: Shop, client: httpx.Client) -> None:
    for task, ends in (("nap", "LOST"), ("safe_nap", "SUCCESS")):
        run_id = shop.trigger(client, task, seconds=300.0)
        wait_until(lambda: shop.starts()[run_id], SEEN_WITHIN, "its code runs")  # noqa: B023 (called in the loop)
        os.kill(shop.process_of(run_id), signal.SIGKILL)
        shop.wait_for_state(client, run_id, ends, timeout=SEEN_WITHIN)


def is_alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
