"""The dispatcher that hands runs to Celery's broker."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

from kombu import Connection, Producer

from runbell.domain.dispatch import Dispatcher, Handover, Message
from runbell.domain.memory import ShortMemory
from runbell.engine.application import celery_app
from runbell.engine.facts import writer
from runbell.engine.publisher import Line, depths_of

_declared: WeakKeyDictionary[Producer, ShortMemory[str, bool]] = WeakKeyDictionary()
DECLARE_EVERY = 5.0
"""Seconds after which a queue is declared anew: it may have been deleted, and the broker drops what has no queue."""


class CeleryDispatcher(Dispatcher):
    """Publishes Celery messages, each with its run's id as the task id. See ``runbell.domain.dispatch.Dispatcher``."""

    hands_over_at_once = True

    def __init__(self) -> None:
        self._line = Line(celery_app)

    def publish(self, message: Message, *, budget: float) -> None:
        """Hand one message to the broker within ``budget`` seconds.

        Raises:
            BrokerUnavailable: if the broker did not confirm in time; the message may still arrive.
        """
        self.hand_over(message).wait(budget)

    def hand_over(self, message: Message) -> Handover:
        """Begin to publish a message; those that wait for the broker at the same time go in one round trip."""
        return self._line.begin(
            lambda _, producer: _publish(producer, message), then=lambda: writer.published(message.run_id)
        )

    def depths(self, queues: Iterable[str], *, budget: float) -> dict[str, int]:
        """Return how many messages wait in each queue.

        Raises:
            BrokerUnavailable: if the broker did not answer within ``budget`` seconds.
        """
        return self._line.call(depths_of(queues), budget)

    def ping(self, *, budget: float) -> None:
        """Return if the broker answers within ``budget`` seconds.

        Raises:
            BrokerUnavailable: if it does not.
        """
        self._line.call(_ping, budget)

    def close(self) -> None:
        """Let go of the connection and its thread."""
        self._line.close()


def _publish(producer: Producer, message: Message) -> None:
    app = celery_app()
    task_message = app.amqp.create_task_message(
        message.run_id,
        message.celery_name,
        args=(),
        kwargs=message.params,
        expires=message.expires_at,
        retries=message.retries,
        ignore_result=True,
        origin="runbell",
        argsrepr="()",
        kwargsrepr="{…}" if message.params else "{}",
        **_time_limits(app, message.celery_name),
    )
    declared = _declared.get(producer) or _declared.setdefault(producer, ShortMemory(1000))
    known = declared.get(message.queue) is not None
    declare: list[Any] | None = [] if known else None  # None: Celery declares the queue
    app.amqp.send_task_message(
        producer, message.celery_name, task_message, queue=message.queue, retry=False, declare=declare
    )
    if not known:
        declared.keep(message.queue, True, DECLARE_EVERY)


def _time_limits(app: Any, celery_name: str) -> dict[str, Any]:
    task = app.tasks.get(celery_name)
    return {"time_limit": task.time_limit, "soft_time_limit": task.soft_time_limit} if task else {}


def _ping(connection: Connection, _producer: Producer) -> None:
    """Ask for something that the broker itself must answer: whether a queue exists."""
    channel: Any = connection.channel()
    try:
        channel.queue_declare("runbell.ping", passive=True)
    except connection.channel_errors:
        pass
    finally:
        channel.close()
