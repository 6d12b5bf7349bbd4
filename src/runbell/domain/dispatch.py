"""The port through which runs leave the ledger for a broker."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class Message:
    """What a worker must be told to run one run.

    Args:
        run_id: the run's id, which becomes the Celery task id.
        celery_name: full Celery path of the task.
        queue: name of the queue to publish to.
        params: keyword arguments, JSON-ready.
        expires_at: aware time after which a worker must not start it, or None.
        dry_run: whether this is a rehearsal.
        retries: how many attempts there were before, as Celery counts them.
    """

    run_id: str
    celery_name: str
    queue: str
    params: dict[str, Any] = field(default_factory=dict)
    expires_at: datetime | None = None
    dry_run: bool = False
    retries: int = 0


class Handover(Protocol):
    """A message on its way to the broker."""

    def wait(self, budget: float) -> None:
        """Return once the broker has it, within ``budget`` seconds.

        Raises:
            BrokerUnavailable: if the broker did not confirm in time; the message may still arrive.
        """
        ...

    def when_settled(self, call: Callable[[], None]) -> None:
        """Have ``call`` called once when ``wait`` would not wait any more, in whichever thread. It must not wait.

        Raises:
            NotImplementedError: by a dispatcher that does not hand over at once.
        """
        ...


@dataclass(frozen=True)
class Unhurried:
    """A handover that begins when somebody waits for it."""

    wait: Callable[[float], None]

    def when_settled(self, call: Callable[[], None]) -> None:
        """Refuse: it is settled by who waits for it, and by nobody else.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError(call)


class Dispatcher(Protocol):
    """What every dispatcher can do; one conformance suite runs against all of them.

    A dispatcher reports each message that the broker took through ``actions.record.published``, whenever it learns of
    it, so that the ledger says ``QUEUED``. Publishing the same message twice is harmless.
    """

    hands_over_at_once: bool = False
    """Whether ``hand_over`` begins at once and tells when it is settled, so that a caller need not wait in a thread."""

    def publish(self, message: Message, *, budget: float) -> None:
        """Hand one message to the broker within ``budget`` seconds.

        Raises:
            BrokerUnavailable: if the broker did not confirm in time; the message may still arrive.
        """
        ...

    def hand_over(self, message: Message) -> Handover:
        """Begin to publish a message without waiting for the broker; several begun together may go together.

        A dispatcher that can only wait need not say anything here: its message goes when somebody waits for it.
        """
        return Unhurried(lambda budget: self.publish(message, budget=budget))

    def depths(self, queues: Iterable[str], *, budget: float) -> dict[str, int]:
        """Return how many messages wait in each queue, asked of the broker within ``budget`` seconds.

        Raises:
            BrokerUnavailable: if it did not answer in time.
        """
        ...

    def ping(self, *, budget: float) -> None:
        """Return if the broker answers within ``budget`` seconds.

        Raises:
            BrokerUnavailable: if it does not.
        """
        ...

    def close(self) -> None:
        """Let go of connections and threads. The dispatcher may be used again afterwards."""
        ...
