"""A broker that answers late gets its messages all the same; `tests/faults` tries all else that it may do."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from kombu import Connection

from tests.acceptance.test_walk_through import trigger
from tests.support.live import LiveSystem
from tests.support.proxy import Mode, Proxy
from tests.support.servers import RabbitMQ, Unavailable, refuse
from tests.support.stacks import ServersStack, Stack
from tests.support.waiting import wait_until

WITHIN = 0.5
RECOVERY = 5.0
TASK = "nap"
QUEUE = f"runbell-test-{uuid.uuid4().hex}"


@pytest.fixture(scope="module", params=["redis", "amqp"])
def proxy(request: pytest.FixtureRequest, stack: Stack) -> Iterator[Proxy]:
    """What stands before the broker."""
    if not isinstance(stack, ServersStack):
        pytest.skip("a folder is there as long as the database is")
    proxy = Proxy(stack.redis.port if request.param == "redis" else _rabbit_port())
    proxy.scheme = request.param  # type: ignore[attr-defined]
    yield proxy
    proxy.close()


def _rabbit_port() -> int:
    try:
        return urlsplit(RabbitMQ().url()).port or 5672
    except Unavailable as error:
        refuse(error)


@pytest.fixture(scope="module")
def system(stack: Stack, proxy: Proxy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSystem]:
    """A system that reaches its broker through the proxy; only the web process is started, by each test."""
    folder: Path = tmp_path_factory.mktemp("bounded")
    environment = stack.environment(folder, f"bounded_{proxy.scheme}")  # type: ignore[attr-defined]
    database = urlsplit(environment["CELERY_BROKER_URL"]).path
    addresses = {
        "redis": f"redis://127.0.0.1:{proxy.port}{database}",
        "amqp": f"amqp://guest:guest@127.0.0.1:{proxy.port}//",
    }
    ours = {"DJANGO_SETTINGS_MODULE": "tests.acceptance.workshop.settings", "WORKSHOP_QUEUE": QUEUE}
    broker = {"CELERY_BROKER_URL": addresses[proxy.scheme]}  # type: ignore[attr-defined]
    system = LiveSystem(folder, environment | ours | broker)
    try:
        system.prepare()
        yield system
    finally:
        system.stop()
        proxy.switch(Mode.PASS)
        with Connection(broker["CELERY_BROKER_URL"]) as connection:
            channel: Any = connection.default_channel
            channel.queue_delete(QUEUE)


def timed(client: httpx.Client) -> tuple[float, str]:
    """Trigger, and return how long that took and what became of it."""
    began = time.monotonic()
    status: str = trigger(client, TASK)["status"]
    return time.monotonic() - began, status


class Late:
    """Triggers, and looks whether the broker has any of the runs by now."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._run_ids: list[str] = []

    def __call__(self) -> bool:
        """Return whether any got there."""
        self._run_ids.append(trigger(self._client, TASK)["task_id"])
        queued = self._client.get("runs/", params={"state": "QUEUED", "limit": 200}).json()["items"]
        return bool({run["id"] for run in queued} & set(self._run_ids))


def test_a_slow_broker_holds_up_no_request_and_gets_its_messages(system: LiveSystem, proxy: Proxy) -> None:
    proxy.switch(Mode.SLOW)
    system.web.start()
    system.wait_for_web()
    try:
        with system.client() as client:
            times = [timed(client)[0] for _ in range(100)]
            wait_until(Late(client), 30, "a message gets there all the same")
            proxy.switch(Mode.PASS)
            wait_until(lambda: timed(client)[1] == "queued", RECOVERY, "the broker is used again")
    finally:
        system.web.kill()
    assert times[0] < WITHIN
    assert sorted(times)[98] < WITHIN
