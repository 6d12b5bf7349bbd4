"""What a project tests its own tasks with: a dispatcher that needs no broker, and runs that need no worker.

Switch the dispatcher on in the settings of the tests: ``RUNBELL = {"DISPATCHER": "runbell.testing.FakeDispatcher"}``.
The one in use is what ``runbell.conf.get_dispatcher()`` returns.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from runbell.catalog import catalog
from runbell.domain.dispatch import Dispatcher, Handover, Message
from runbell.domain.errors import BrokerUnavailable, RehearsalUnavailable
from runbell.domain.ids import new_run_id
from runbell.domain.params import typed_params
from runbell.domain.tasks import TaskDefinition

__all__ = ["FakeDispatcher", "FinishedRun", "run_task"]

Report = Callable[[list[str], datetime], None]


def _report_to_ledger(run_ids: list[str], at: datetime) -> None:
    from runbell.actions.record import published  # noqa: PLC0415 (needs models, which may not be ready before)

    published(dict.fromkeys(run_ids, at))


class FakeDispatcher(Dispatcher):
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

    hands_over_at_once = True

    def hand_over(self, message: Message) -> Handover:
        """Keep one message, and report it, unless the broker is down or slow."""
        if self.slow and not self.down:
            self._late.append(message)
            return _Handover(None, settled=False)
        try:
            self.publish(message, budget=0)
        except BrokerUnavailable as error:
            return _Handover(error)
        return _Handover(None)

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


@dataclass(frozen=True)
class _Handover:
    """A message that the broker took or refused; one that is not settled will never be."""

    error: BrokerUnavailable | None
    settled: bool = True

    def wait(self, budget: float) -> None:
        """Wait in vain if it is not settled. See :class:`runbell.domain.dispatch.Handover`."""
        if not self.settled:
            threading.Event().wait(budget)
            raise BrokerUnavailable(f"The broker did not answer within {budget:g} s")
        if self.error is not None:
            raise self.error

    def when_settled(self, call: Callable[[], None]) -> None:
        """Call at once, or never."""
        if self.settled:
            call()


@dataclass(frozen=True)
class FinishedRun:
    """What a run in a test did.

    Args:
        value: what the task returned: its ``Outcome``, a dictionary or None.
        progress: every call of ``run.progress``, as ``(done, total, message)``.
        rehearsal: after a dry run, what would have changed and what would have been sent; else None.
    """

    value: Any
    progress: list[tuple[int, int | None, str]]
    rehearsal: dict[str, Any] | None


class _Memory:
    """Where the progress of a run in a test goes."""

    stale = False

    def __init__(self, *, cancel_requested: bool) -> None:
        self.cancel_requested = cancel_requested
        self.said: list[tuple[int, int | None, str]] = []

    def progress(self, done: int, total: int | None, message: str) -> None:
        """Keep it."""
        self.said.append((done, total, message))


def run_task(
    task: Any,
    *,
    actor: str = "user:test",
    actor_email: str = "test@example.org",
    reason: str = "",
    due_at: datetime | None = None,
    dry_run: bool = False,
    cancel_requested: bool = False,
    **params: Any,
) -> FinishedRun:
    """Run a declared task's function here and now, without a ledger, a broker or a worker.

    Parameters are validated as a trigger's are. What the task raises is raised. A dry run is rolled back as on a
    worker.

    Args:
        task: what ``@runbell.task`` returned.
        actor, actor_email, reason, due_at: what the run says of itself.
        dry_run: whether to rehearse it.
        cancel_requested: whether the run is told that somebody wants it to stop.
        params: the task's parameters.

    Raises:
        TypeError: if the task is not declared with ``@runbell.task``.
        InvalidParams: if its signature does not take the parameters.
        RehearsalUnavailable: if it has no dry run.
    """
    from runbell.actions.record import Claim  # noqa: PLC0415 (as above)
    from runbell.engine.context import Run  # noqa: PLC0415

    definition = _definition(task, dry_run=dry_run)
    assert definition.params_model is not None
    claim = Claim(
        pk=0,
        run_id=new_run_id(),
        task_name=definition.name,
        attempt=1,
        params=params,
        dry_run=dry_run,
        actor=actor,
        actor_name=actor,
        actor_email=actor_email,
        reason=reason,
        due_at=due_at,
        started_at=datetime.now(UTC),
    )
    memory = _Memory(cancel_requested=cancel_requested)
    body = partial(task.run.__wrapped__, Run(claim, memory), **typed_params(definition.params_model, params))
    value, rehearsal = _rehearse(body) if dry_run else (body(), None)
    return FinishedRun(value, memory.said, rehearsal)


def _definition(task: Any, *, dry_run: bool) -> TaskDefinition:
    definition = catalog.resolve(task.name)
    if definition.params_model is None:
        raise TypeError(f"{task.name} is not declared with @runbell.task")
    if dry_run and not definition.rehearsal:
        raise RehearsalUnavailable(definition.name)
    return definition


def _rehearse(body: Callable[[], Any]) -> tuple[Any, dict[str, Any]]:
    from runbell.engine.rehearsal import Rehearsal  # noqa: PLC0415 (as above)

    rehearsal = Rehearsal()
    value = rehearsal.run(body)
    return value, rehearsal.report()
