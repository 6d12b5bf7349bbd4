"""A run that was accepted runs once, whatever dies, restarts, stops or is told twice."""

from __future__ import annotations

import signal
from typing import Any

import httpx
import pytest
from kombu import Connection

from tests.acceptance.shop import Shop
from tests.acceptance.test_walk_through import trigger
from tests.faults.brokers import Broker
from tests.support.proxy import Mode
from tests.support.stacks import ServersStack, Stack
from tests.support.waiting import wait_until

SEEN_WITHIN = 30.0


def runs_once(shop: Shop, client: httpx.Client, *run_ids: str) -> None:
    """Start a worker, and expect each run to succeed, started once."""
    worker = shop.worker("after")
    try:
        assert set(shop.finished(client, run_ids)) == {"SUCCESS"}
        assert {shop.starts()[run_id] for run_id in run_ids} == {1}
    finally:
        worker.stop()


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


@pytest.mark.parametrize("lose_data", [True, False], ids=["with its data lost", "with its data kept"])
def test_the_broker_is_killed_and_comes_back(
    served_shop: Shop, client: httpx.Client, broker: Broker, lose_data: bool
) -> None:
    run_ids = [served_shop.trigger(client, "nap") for _ in range(3)]
    for run_id in run_ids:
        served_shop.wait_for_state(client, run_id, "QUEUED")
    broker.restart(lose_data=lose_data)
    runs_once(served_shop, client, *run_ids)


def test_a_message_that_arrived_though_nobody_heard_so_is_sent_again_and_runs_once(
    served_shop: Shop, client: httpx.Client, broker: Broker
) -> None:
    wait_until(lambda: trigger(client, "nap")["status"] == "queued", 5, "the broker is in use")
    broker.proxy.turn(Mode.MUTE)
    answer = trigger(client, "nap")
    assert answer["status"] == "accepted"
    broker.proxy.switch(Mode.PASS)
    runs_once(served_shop, client, answer["task_id"])


def test_a_worker_that_was_stopped_for_long_and_wakes_changes_nothing(own_shop: Shop, stack: Stack) -> None:
    if not isinstance(stack, ServersStack):
        pytest.skip("a stopped process may hold SQLite's one lock, and then nobody can write; use PostgreSQL")
    with own_shop.client() as client:
        asleep = own_shop.worker("asleep")
        run_id = own_shop.trigger(client, "nap", seconds=3.0)
        own_shop.wait_for_state(client, run_id, "STARTED")
        asleep.signal_group(signal.SIGSTOP)
        try:
            awake = own_shop.worker("awake")
            lost = own_shop.wait_for_state(client, run_id, "LOST", timeout=SEEN_WITHIN + 2)
            assert "asleep@shop" in lost["explanation"]
        finally:
            asleep.signal_group(signal.SIGCONT)
        wait_until(lambda: "SUCCESS" in own_shop.kinds(client, run_id), 15, "the late end is kept as an event")
        assert client.get(f"runs/{run_id}/").json()["state"] == "LOST"
        assert own_shop.starts()[run_id] == 1
        assert own_shop.finished(client, [own_shop.trigger(client, "nap")]) == ["SUCCESS"]
        asleep.stop()
        awake.stop()


def test_what_redis_delivers_again_after_its_visibility_timeout_runs_once(own_shop: Shop, stack: Stack) -> None:
    if not isinstance(stack, ServersStack):
        pytest.skip("only Redis has a visibility timeout")
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
