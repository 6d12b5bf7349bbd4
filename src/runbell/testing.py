"""What a project tests its own tasks with: a dispatcher that needs no broker.

Switch it on in the settings of the tests: ``RUNBELL = {"DISPATCHER": "runbell.testing.FakeDispatcher"}``. The one in
use is what ``runbell.conf.get_dispatcher()`` returns.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from runbell.domain.dispatch import Message
from runbell.domain.errors import BrokerUnavailable

__all__ = ["FakeDispatcher"]

Report = Callable[[list[str], datetime], None]


def _report_to_ledger(run_ids: list[str], at: datetime) -> None:
    from runbell.actions.record import published  # noqa: PLC0415 (needs models, which may not be ready before)

    published(dict.fromkeys(run_ids, at))


class FakeDispatcher:
    """A broker in memory: keeps what is published, in order, queue by queue.

    Set ``down = True`` and every call raises ``BrokerUnavailable`` at once. Set ``slow = True`` and every call waits
    for its whole budget and then raises; what was published meanwhile arrives with :meth:`arrive`, as with a broker
    that took a message and could not confirm it in time.

    Args:
        report: called with the ids of the runs that were taken and when; tells the ledger by default.
    """

    def __init__(self, report: Report = _report_to_ledger) -> None:
        self.down = False
        self.slow = False
        self._report = report
        self._queues: dict[str, deque[Message]] = {}
        self._late: list[Message] = []
        self._lock = threading.Lock()

    @property
    def messages(self) -> list[Message]:
        """Everything that waits, queue by queue."""
        with self._lock:
            return [message for queue in self._queues.values() for message in queue]

    def publish(self, message: Message, *, budget: float) -> None:
        """Keep one message, and report it. See :class:`runbell.domain.dispatch.Dispatcher`."""
        try:
            self.ping(budget=budget)
        except BrokerUnavailable:
            if not self.down:
                self._late.append(message)
            raise
        self._take([message])

    def depths(self, queues: Iterable[str], *, budget: float) -> dict[str, int]:
        """Return how many messages wait in each queue; 0 for a queue that nothing was published to."""
        self.ping(budget=budget)
        with self._lock:
            return {queue: len(self._queues.get(queue, ())) for queue in queues}

    def ping(self, *, budget: float) -> None:
        """Return at once, unless the broker is down or slow."""
        if self.down:
            raise BrokerUnavailable("The broker is down")
        if self.slow:
            threading.Event().wait(budget)
            raise BrokerUnavailable(f"The broker did not answer within {budget:g} s")

    def close(self) -> None:
        """Do nothing: there are no connections. What waits is kept, as a broker keeps it."""

    def arrive(self) -> int:
        """Let the messages arrive that could not be confirmed in time, and return how many there were."""
        late, self._late = self._late, []
        self._take(late)
        return len(late)

    def take(self, queue: str) -> Message | None:
        """Remove and return the oldest message of a queue, as a worker does; None if it is empty."""
        with self._lock:
            waiting = self._queues.get(queue)
            return waiting.popleft() if waiting else None

    def clear(self) -> None:
        """Forget everything and be up again."""
        with self._lock:
            self._queues.clear()
        self._late.clear()
        self.down = self.slow = False

    def _take(self, messages: list[Message]) -> None:
        if not messages:
            return
        with self._lock:
            for message in messages:
                self._queues.setdefault(message.queue, deque()).append(message)
        self._report([message.run_id for message in messages], datetime.now(UTC))
