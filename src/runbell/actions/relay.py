"""Publish what the ledger has accepted and the broker does not have, and again what the broker has had for long."""

from __future__ import annotations

import time
from datetime import timedelta

from django.utils import timezone

from runbell.actions.messages import message_of
from runbell.catalog import catalog
from runbell.conf import get_dispatcher, settings
from runbell.domain.errors import BrokerUnavailable
from runbell.ledger import reaping, runs
from runbell.ledger.rows import Run

LEASE = timedelta(seconds=10)
"""How long the runs that one relay took are left to it; a relay that dies meanwhile leaves them to the others."""
BUDGET = 2.0
"""Seconds that one tick waits for the broker: nobody else waits, and a slow broker shall get through."""
MAX_RUNS = 200
"""How many runs one tick publishes; the rest follow in the next."""


def relay() -> int:
    """Publish runs, oldest first, with their own ids; stop at the first refusal. Return how many went.

    All are handed over before any is waited for, so that they can go together.
    """
    waiting = reaping.to_relay(timezone.now(), LEASE, catalog.unguarded(), MAX_RUNS)
    deadline = time.monotonic() + BUDGET
    handovers = [get_dispatcher().hand_over(message_of(run, run.attempt)) for run in waiting]
    for index, handover in enumerate(handovers):
        try:
            handover.wait(max(0.0, deadline - time.monotonic()))
        except BrokerUnavailable as error:
            _postpone(waiting[index:], str(error))
            return index
    return len(waiting)


def _postpone(waiting: list[Run], why: str) -> None:
    now = timezone.now()
    again = now + timedelta(seconds=settings().BREAKER_PAUSE)
    runs.postpone_publication([run.task_id for run in waiting], again, why, now)
