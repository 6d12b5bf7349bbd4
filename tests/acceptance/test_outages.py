"""A broker that is down delays a run and loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.acceptance.test_walk_through import finished, trigger
from tests.support.live import LiveSystem
from tests.support.proxy import Mode, Proxy
from tests.support.stacks import ServersStack, Stack

TASK = "perform_system_health_check"


@pytest.fixture(scope="module")
def proxy(stack: Stack) -> Iterator[Proxy]:
    """What stands between the system and Redis."""
    if not isinstance(stack, ServersStack):
        pytest.skip("the embedded broker is a folder, which is there as long as the database is")
    proxy = Proxy(stack.redis.port)
    yield proxy
    proxy.close()


@pytest.fixture(scope="module")
def system(stack: Stack, proxy: Proxy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSystem]:
    """A system that reaches its broker through the proxy."""
    folder = tmp_path_factory.mktemp("outage")
    environment = stack.environment(folder, "outage")
    broker = urlsplit(environment["CELERY_BROKER_URL"])
    environment["CELERY_BROKER_URL"] = broker._replace(netloc=f"127.0.0.1:{proxy.port}").geturl()
    system = LiveSystem(folder, environment)
    try:
        system.prepare()
        system.start()
        yield system
    finally:
        system.stop()


@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.SILENT])
def test_a_trigger_is_accepted_at_once_and_runs_later_with_the_same_id(
    system: LiveSystem, proxy: Proxy, mode: Mode
) -> None:
    with system.client() as client:
        assert finished(client, trigger(client, TASK)["task_id"])["state"] == "SUCCESS"
        proxy.switch(mode)
        answer = trigger(client, TASK)
        assert answer["status"] == "accepted"
        assert client.get(f"runs/{answer['task_id']}/").json()["state"] == "ACCEPTED"
        proxy.switch(Mode.PASS)
        run = finished(client, answer["task_id"], timeout=60)
    assert run["state"] == "SUCCESS"
    assert f"{TASK}[{answer['task_id']}] succeeded" in system.worker.output()
