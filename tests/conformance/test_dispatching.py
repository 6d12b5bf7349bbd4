"""What every dispatcher does while its broker is there."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from runbell.domain.dispatch import Dispatcher, Message
from tests.conformance.brokers import Broker, Delivered, drain
from tests.support.waiting import wait_until

pytestmark = pytest.mark.once
BUDGET = 5.0


def message(queue: str, **fields: Any) -> Message:
    return Message(run_id=str(uuid.uuid4()), celery_name="edms.scheduler.tasks.tidy_up", queue=queue, **fields)


def test_a_worker_is_told_exactly_what_was_published(dispatcher: Dispatcher, broker: Broker, queue: str) -> None:
    expires_at = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    params = {"days": 7, "name": "Prüfung №1", "deep": {"list": [1, None, True, 0.5]}}
    sent = message(queue, params=params, expires_at=expires_at)

    dispatcher.publish(sent, budget=BUDGET)

    assert broker.take(queue) == Delivered(sent.run_id, sent.celery_name, params, expires_at, queue)
    assert broker.take(queue) is None


def test_a_message_that_never_expires_says_so(dispatcher: Dispatcher, broker: Broker, queue: str) -> None:
    dispatcher.publish(message(queue), budget=BUDGET)
    delivered = broker.take(queue)
    assert delivered is not None
    assert delivered.expires_at is None


def test_each_message_arrives_once(dispatcher: Dispatcher, broker: Broker, queue: str) -> None:
    sent = [message(queue) for _ in range(5)]
    for each in sent:
        dispatcher.publish(each, budget=BUDGET)
    assert sorted(one.run_id for one in drain(broker, queue)) == sorted(one.run_id for one in sent)


def test_who_hands_over_is_told_when_the_broker_has_it(dispatcher: Dispatcher, broker: Broker, queue: str) -> None:
    assert dispatcher.hands_over_at_once
    sent, told = message(queue), threading.Event()
    handover = dispatcher.hand_over(sent)
    handover.when_settled(told.set)
    assert told.wait(BUDGET)
    handover.wait(0)
    assert [one.run_id for one in drain(broker, queue)] == [sent.run_id]


def test_publishing_twice_is_harmless(dispatcher: Dispatcher, broker: Broker, queue: str, reported: list[str]) -> None:
    sent = message(queue)
    dispatcher.publish(sent, budget=BUDGET)
    dispatcher.publish(sent, budget=BUDGET)
    assert {one.run_id for one in drain(broker, queue)} == {sent.run_id}


def test_queues_are_apart(dispatcher: Dispatcher, broker: Broker, queue: str) -> None:
    dispatcher.publish(message(queue), budget=BUDGET)
    assert broker.take(f"{queue}-other") is None
    assert broker.take(queue) is not None


def test_depths_count_what_waits(dispatcher: Dispatcher, broker: Broker, queue: str) -> None:
    other = f"{queue}-other"
    for target in (queue, queue, other):
        dispatcher.publish(message(target), budget=BUDGET)

    # A broker may confirm a message a moment before it counts it.
    expected = {queue: 2, other: 1}
    wait_until(lambda: dispatcher.depths([queue, other], budget=BUDGET) == expected, 5, "both queues are counted")
    broker.take(queue)
    wait_until(lambda: dispatcher.depths([queue], budget=BUDGET) == {queue: 1}, 5, "one is gone")
    drain(broker, other)


def test_a_queue_that_does_not_exist_holds_nothing(dispatcher: Dispatcher, queue: str) -> None:
    assert dispatcher.depths([queue], budget=BUDGET) == {queue: 0}


def test_the_ledger_is_told_what_the_broker_took(dispatcher: Dispatcher, queue: str, reported: list[str]) -> None:
    sent = [message(queue), message(queue)]
    for each in sent:
        dispatcher.publish(each, budget=BUDGET)
    wait_until(lambda: len(reported) == 2, 5, "both are reported")
    assert reported == [each.run_id for each in sent]


def test_ping_returns(dispatcher: Dispatcher) -> None:
    dispatcher.ping(budget=BUDGET)


def test_it_works_on_after_close(dispatcher: Dispatcher, broker: Broker, queue: str) -> None:
    dispatcher.publish(message(queue), budget=BUDGET)
    dispatcher.close()
    dispatcher.publish(message(queue), budget=BUDGET)
    assert len(drain(broker, queue)) == 2
