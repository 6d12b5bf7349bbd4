"""Doubt whether the broker still has what it took: what it lost, and what nobody holds any more, is published again.

What the broker says is compared with what the ledger says. A run that the broker took before it was last asked, and
that no worker has taken since, must have been among the messages that it counted then. If it counted fewer, it has lost
some: it was emptied, or restarted without its data.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from runbell.catalog import catalog
from runbell.conf import get_dispatcher, settings
from runbell.domain.errors import BrokerUnavailable
from runbell.ledger import broker, doubts
from runbell.ledger.broker import Answer

LOOK_EVERY = timedelta(seconds=3)
"""How often one of all tickers looks and asks the broker."""
CLOCKS_DIFFER = timedelta(seconds=5)
"""How far the clocks of two machines may be apart."""
MAX_RUNS = 1000
"""How many runs of each kind one tick takes back; the rest follow in the next."""
BUDGET = 2.0
"""Seconds that the ticker waits for the broker's answer."""


def doubt() -> int:
    """Take back into the ledger what nobody has any more; return how many runs that were."""
    now = timezone.now()
    last = broker.take_turn(now, LOOK_EVERY)
    if last is None:
        return 0
    if not doubts.any_under_way():
        _ask(now, ())
        return 0
    taken_back = _missing(last, now) + _left_by_a_worker(now) + _not_retried(now)
    _ask(now, doubts.count_sent(now))
    return taken_back


def _missing(last: Answer, now: datetime) -> int:
    """Take back as many of the oldest runs of a queue as the broker counted too few."""
    before, taken_back = last.at - CLOCKS_DIFFER, 0
    for queue, sent in doubts.count_sent(before).items():
        counted = last.depths.get(queue)
        if counted is not None and counted < sent:
            run_ids = doubts.oldest_sent(queue, before, now, min(sent - counted, MAX_RUNS))
            why = f"{sent} runs should wait in queue {queue}, the broker had {counted} messages"
            taken_back += doubts.take_back(run_ids, why, now)
    return taken_back


def _ask(now: datetime, queues_of_runs: Iterable[str]) -> None:
    queues = {task.queue for task in catalog}.union(queues_of_runs)
    try:
        broker.answered(get_dispatcher().depths(sorted(queues), budget=BUDGET))
    except BrokerUnavailable:
        broker.unreachable(now)


def _left_by_a_worker(now: datetime) -> int:
    run_ids = doubts.abandoned(now - timedelta(seconds=settings().WORKER_TIMEOUT), MAX_RUNS)
    return doubts.take_back(run_ids, "the worker that held it is gone", now) if run_ids else 0


def _not_retried(now: datetime) -> int:
    run_ids = doubts.overdue_retries(now, catalog.unguarded(), MAX_RUNS)
    return doubts.take_back(run_ids, "its next attempt is due and no worker has started it", now) if run_ids else 0
