"""A shop whose every process is the tests' own: web, workers, database and broker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.acceptance.shop import Shop
from tests.faults.brokers import Broker
from tests.support.proxy import Mode
from tests.support.servers import Unavailable, refuse
from tests.support.stacks import Stack

BROKERS = ("redis", "rabbitmq")


@pytest.fixture(scope="session", params=BROKERS)
def broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    """Each broker that has a server, in turn."""
    try:
        broker = Broker(request.param)
    except Unavailable as error:
        refuse(error)
    yield broker
    broker.remove()


@pytest.fixture(scope="session")
def served_shop(broker: Broker, stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop that reaches its broker through the proxy and sees deaths sooner than usual; its web process runs."""
    folder = tmp_path_factory.mktemp("faults")
    ours = {"CELERY_BROKER_URL": broker.url, "WORKSHOP_HASTY": "1"}
    shop = Shop(folder, stack.environment(folder, f"faults_{broker.name}") | ours)
    try:
        shop.open()
        yield shop
    finally:
        shop.close()


@pytest.fixture(scope="session")
def own_shop(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop on the stack as it is, for faults that are not the broker's."""
    folder: Path = tmp_path_factory.mktemp("own")
    shop = Shop(folder, stack.environment(folder, "own"))
    try:
        shop.open()
        yield shop
    finally:
        shop.close()


@pytest.fixture
def client(served_shop: Shop, broker: Broker) -> Iterator[httpx.Client]:
    """A client of the shop behind the proxy, which passes everything on again after the test."""
    with served_shop.client() as client:
        yield client
    broker.proxy.switch(Mode.PASS)
