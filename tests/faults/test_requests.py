"""A request is bounded whatever is wrong with the broker, and it is noticed soon that nothing is wrong any more."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.acceptance.shop import Shop
from tests.faults.brokers import Broker
from tests.support.proxy import Mode
from tests.support.waiting import wait_until

pytestmark = pytest.mark.servers
WITHIN, RECOVERY = 0.5, 5.0
SAID_WITHIN = 10.0
REQUESTS, AT_FIRST, CALLERS = 100, 10, 4
TASK = "nap"
FAULTS = [Mode.REFUSE, Mode.SWALLOW, Mode.SILENT, Mode.MUTE, Mode.SLOW, Mode.CUT]
Trigger = Callable[[], tuple[float, str]]


def trigger(client: httpx.Client) -> tuple[float, str]:
    """Trigger, and return how long that took and what became of it."""
    began = time.monotonic()
    answer = client.post("monitoring/manual-trigger/", json={"task_name": TASK})
    assert answer.status_code == 202, answer.text
    return time.monotonic() - began, answer.json()["status"]


def p99(client: httpx.Client) -> float:
    """Return how long all but one of a hundred triggers took at most, four at a time."""
    with ThreadPoolExecutor(CALLERS) as callers:
        times = sorted(took for took, _ in callers.map(lambda _: trigger(client), range(REQUESTS)))
    return times[-2]


def recovers(client: httpx.Client) -> None:
    wait_until(lambda: trigger(client)[1] == "queued", RECOVERY, "the broker is used again")


@pytest.mark.parametrize("fault", FAULTS)
def test_requests_are_bounded_from_the_first_after_the_start_on(
    served_shop: Shop, client: httpx.Client, broker: Broker, fault: Mode
) -> None:
    served_shop.system.web.kill()
    broker.proxy.switch(fault)
    served_shop.system.web.start()
    served_shop.system.wait_for_web()
    try:
        assert max(trigger(client)[0] for _ in range(AT_FIRST)) < WITHIN
    finally:
        broker.proxy.switch(Mode.PASS)
    recovers(client)


@pytest.mark.parametrize("fault", FAULTS)
def test_requests_are_bounded_when_it_comes_upon_a_connection_in_use(
    client: httpx.Client, broker: Broker, fault: Mode
) -> None:
    recovers(client)
    (broker.proxy.switch if fault in {Mode.REFUSE, Mode.SWALLOW} else broker.proxy.turn)(fault)
    try:
        assert p99(client) < WITHIN
    finally:
        broker.proxy.switch(Mode.PASS)
    recovers(client)


def test_requests_are_bounded_while_the_broker_is_dead_and_while_it_starts(
    client: httpx.Client, broker: Broker
) -> None:
    recovers(client)
    broker.server.kill()
    assert p99(client) < WITHIN
    with ThreadPoolExecutor(1) as starter:
        started = starter.submit(broker.server.start)
        while not started.done():
            assert trigger(client)[0] < WITHIN
        started.result()
    recovers(client)


def test_a_run_says_soon_since_when_the_broker_is_away(served_shop: Shop, client: httpx.Client, broker: Broker) -> None:
    recovers(client)
    served_shop.worker("watching")
    broker.proxy.switch(Mode.REFUSE)
    answer = client.post("monitoring/manual-trigger/", json={"task_name": TASK}).json()
    assert answer["status"] == "accepted"

    def says() -> bool:
        run = client.get(f"runs/{answer['task_id']}/").json()
        return (run["waiting_for"] or "").startswith("broker unreachable since ")

    wait_until(says, SAID_WITHIN, "it says so")
    broker.proxy.switch(Mode.PASS)
    recovers(client)
