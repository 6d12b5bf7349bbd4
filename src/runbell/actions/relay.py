"""Publish what the ledger has accepted and the broker does not have, and again what the broker has had for long."""

from __future__ import annotations

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
MAX_RUNS = 200
"""How many runs one tick publishes; the rest follow in the next."""


def relay() -> int:
    """Publish runs, oldest first, with their own ids; stop at the first refusal. Return how many went."""
    waiting = reaping.to_relay(timezone.now(), LEASE, catalog.unguarded(), MAX_RUNS)
    for index, run in enumerate(waiting):
        try:
            get_dispatcher().publish(message_of(run, run.attempt), budget=settings().PUBLISH_BUDGET)
        except BrokerUnavailable as error:
            _postpone(waiting[index:], str(error))
            return index
    return len(waiting)


def _postpone(waiting: list[Run], why: str) -> None:
    now = timezone.now()
    again = now + timedelta(seconds=settings().BREAKER_PAUSE)
    runs.postpone_publication([run.task_id for run in waiting], again, why, now)
