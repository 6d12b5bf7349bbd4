"""What every dispatcher does while its broker cannot be reached."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from runbell.domain.dispatch import Dispatcher, Message
from runbell.domain.errors import BrokerUnavailable
from tests.conformance.brokers import Broker, CeleryBroker
from tests.support.ports import free_port
from tests.support.proxy import Mode, Proxy
from tests.support.servers import RabbitMQ, Redis
from tests.support.waiting import wait_until

pytestmark = pytest.mark.once
BUDGET = 0.25
SLACK = 0.1
AT_ONCE = 0.05
CALLS: list[Callable[[Dispatcher, str], object]] = [
    lambda dispatcher, queue: dispatcher.publish(message(queue), budget=BUDGET),
    lambda dispatcher, queue: dispatcher.depths([queue], budget=BUDGET),
    lambda dispatcher, _queue: dispatcher.ping(budget=BUDGET),
]
each_call = pytest.mark.parametrize("call", CALLS, ids=["publish", "depths", "ping"])
Make = Callable[[CeleryBroker], Dispatcher]


def message(queue: str) -> Message:
    return Message(run_id=str(uuid.uuid4()), celery_name="edms.scheduler.tasks.tidy_up", queue=queue)


@contextmanager
def refused_in_time() -> Iterator[None]:
    """Expect ``BrokerUnavailable`` within the budget and a little more."""
    began = time.monotonic()
    with pytest.raises(BrokerUnavailable):
        yield
    assert time.monotonic() - began < BUDGET + SLACK


@pytest.fixture(params=["redis", "amqp"])
def scheme(request: pytest.FixtureRequest) -> str:
    """The protocols that reach over a network."""
    scheme: str = request.param
    return scheme


def silent_broker(scheme: str, port: int) -> CeleryBroker:
    return CeleryBroker(
        f"{scheme}://guest:guest@127.0.0.1:{port}//" if scheme == "amqp" else f"redis://127.0.0.1:{port}"
    )


@each_call
def test_a_refused_connection_is_said_in_time_at_the_first_call(
    scheme: str, queue: str, make_dispatcher: Make, call: Callable[[Dispatcher, str], object]
) -> None:
    dispatcher = make_dispatcher(silent_broker(scheme, free_port()))
    with refused_in_time():
        call(dispatcher, queue)


@each_call
def test_a_listener_that_never_answers_is_said_in_time_at_the_first_call(
    scheme: str, queue: str, make_dispatcher: Make, call: Callable[[Dispatcher, str], object]
) -> None:
    proxy = Proxy(free_port(), Mode.SILENT)
    dispatcher = make_dispatcher(silent_broker(scheme, proxy.port))
    with refused_in_time():
        call(dispatcher, queue)
    with refused_in_time():
        call(dispatcher, queue)
    proxy.close()


def test_those_who_come_after_one_that_waited_in_vain_do_not_wait(
    scheme: str, queue: str, make_dispatcher: Make
) -> None:
    proxy = Proxy(free_port(), Mode.SILENT)
    dispatcher = make_dispatcher(silent_broker(scheme, proxy.port))
    with refused_in_time():
        dispatcher.publish(message(queue), budget=BUDGET)
    began = time.monotonic()
    with pytest.raises(BrokerUnavailable):
        dispatcher.publish(message(queue), budget=BUDGET)
    assert time.monotonic() - began < AT_ONCE
    proxy.close()


@each_call
def test_a_broker_that_breaks_down_is_said_in_time(
    broker: Broker, dispatcher: Dispatcher, queue: str, call: Callable[[Dispatcher, str], object]
) -> None:
    dispatcher.ping(budget=5)
    broker.break_down()
    with refused_in_time():
        call(dispatcher, queue)
    broker.come_back()


def test_it_recovers_by_itself(broker: Broker, dispatcher: Dispatcher, queue: str, reported: list[str]) -> None:
    dispatcher.publish(message(queue), budget=5)
    wait_until(lambda: reported, 5, "the first message is reported")
    broker.break_down()
    with refused_in_time():
        dispatcher.publish(message(queue), budget=BUDGET)
    broker.come_back()
    later = message(queue)

    def published() -> bool:
        try:
            dispatcher.publish(later, budget=BUDGET)
        except BrokerUnavailable:
            return False
        return True

    wait_until(published, 5, "the broker is used again")
    wait_until(lambda: later.run_id in reported, 5, "the later message is reported")


def test_a_connection_that_goes_silent_is_said_in_time_and_replaced(
    scheme: str, queue: str, request: pytest.FixtureRequest, make_dispatcher: Make, reported: list[str]
) -> None:
    server: Redis | RabbitMQ = request.getfixturevalue("redis_server" if scheme == "redis" else "rabbitmq_server")
    port = server.port if isinstance(server, Redis) else 5672
    proxy = Proxy(port)
    broker = silent_broker(scheme, proxy.port)
    dispatcher = make_dispatcher(broker)
    dispatcher.publish(message(queue), budget=5)
    proxy.hang()
    with refused_in_time():
        dispatcher.publish(message(queue), budget=BUDGET)
    proxy.switch(Mode.PASS)
    wait_until(lambda: _pings(dispatcher), 5, "the broker is used again")
    broker.take(queue)
    broker.close(queue)
    proxy.close()


def _pings(dispatcher: Dispatcher) -> bool:
    try:
        dispatcher.ping(budget=BUDGET)
    except BrokerUnavailable:
        return False
    return True
