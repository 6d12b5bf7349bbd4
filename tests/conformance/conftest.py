"""The brokers under test, one after the other, and what the ledger was told."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from runbell.domain.dispatch import Dispatcher
from runbell.engine.dispatcher import CeleryDispatcher
from runbell.engine.facts import writer
from tests.conformance import applications
from tests.conformance.brokers import Broker, CeleryBroker, FakeBroker, FilesystemBroker, RabbitBroker, RedisBroker
from tests.support.servers import RabbitMQ, Redis, Unavailable, refuse

BREAKER_PAUSE = 0.2
Make = Callable[[CeleryBroker | FakeBroker], Dispatcher]


@pytest.fixture(autouse=True)
def _settings(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # Celery prefers this variable to what its application was given.
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)
    settings.RUNBELL = {"CELERY_APP": "tests.conformance.applications:current", "BREAKER_PAUSE": BREAKER_PAUSE}


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Redis]:
    """A Redis of this suite's own."""
    try:
        server = Redis()
        server.start()
    except Unavailable as error:
        refuse(error)
    yield server
    server.remove()


@pytest.fixture(scope="session")
def rabbitmq_server() -> RabbitMQ:
    """The system's RabbitMQ."""
    try:
        return RabbitMQ()
    except Unavailable as error:
        refuse(error)


@pytest.fixture(params=["fake", "filesystem", "redis", "rabbitmq"])
def broker(request: pytest.FixtureRequest, tmp_path: Path, queue: str) -> Iterator[Broker]:
    """Each broker in turn."""
    broker = _make_broker(request, tmp_path)
    yield broker
    broker.close(queue, f"{queue}-other")


def _make_broker(request: pytest.FixtureRequest, folder: Path) -> Broker:
    if request.param == "redis":
        return RedisBroker(request.getfixturevalue("redis_server"))
    if request.param == "rabbitmq":
        return RabbitBroker(request.getfixturevalue("rabbitmq_server"))
    return FakeBroker() if request.param == "fake" else FilesystemBroker(folder)


@pytest.fixture
def make_dispatcher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Make a dispatcher that has not talked to its broker yet."""
    made: list[Dispatcher] = []

    def make(broker: CeleryBroker | FakeBroker) -> Dispatcher:
        if isinstance(broker, FakeBroker):
            return broker.dispatcher
        monkeypatch.setattr(applications, "current", broker.app)
        made.append(CeleryDispatcher())
        return made[-1]

    yield make
    for dispatcher in made:
        dispatcher.close()


@pytest.fixture
def dispatcher(broker: Broker, reported: list[str], make_dispatcher: Make) -> Dispatcher:
    """A dispatcher of the broker under test."""
    assert isinstance(broker, CeleryBroker | FakeBroker)
    return make_dispatcher(broker)


@pytest.fixture
def queue() -> str:
    """A queue that nobody else uses."""
    return f"runbell-test-{uuid.uuid4().hex}"


@pytest.fixture
def reported(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The runs that the ledger was told the broker has, in order."""
    told: list[str] = []

    def published(times: Mapping[str, datetime]) -> None:
        told.extend(times)

    monkeypatch.setattr("runbell.actions.record.published", published)
    yield told
    assert writer.flush(5)
