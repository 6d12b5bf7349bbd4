"""Turn every moment at which a schedule was due into a row."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction

from runbell.actions.hold_back import Held, hold_back
from runbell.actions.keep_watch import keep_watch
from runbell.actions.occurrences import Firing, drafts_of, farewell, firing
from runbell.actions.submit_all import submit_all
from runbell.catalog import catalog
from runbell.ledger import runs, schedules, tickers
from runbell.ledger.drafts import Draft
from runbell.ledger.rows import Schedule

logger = logging.getLogger(__name__)

MAX_SCHEDULES = 1000
"""How many schedules one tick fires; the rest follow in the next."""
BATCH_SCHEDULES = 100
BATCH_ROWS = 500
"""How many schedules and rows one transaction has at most, but for a schedule that needs more rows by itself."""


def fire_due() -> int:
    """Fire what is due, in batches, each in a transaction of its own; return how many runs were made.

    A schedule that cannot be fired never stops the others.
    """
    now = keep_watch()
    held = hold_back(now)
    firings = [_judged(row, held, now) for row in schedules.due(now, MAX_SCHEDULES, held.names)]
    return sum(_fire_apart(batch) for batch in _batches([each for each in firings if each is not None]))


def settle_past(rows: Sequence[Schedule], now: datetime) -> None:
    """Account for every moment of schedules that the code gives up: changed ones fire, removed ones were missed.

    Of one that is paused nobody can be asked any more what shall become of it: that is skipped.
    """
    held = hold_back(now).for_good() if rows else None
    declared = {definition.name for _, definition in catalog.schedules()}
    for row in rows:
        judged = _judged(row, held, now) if held and row.name in declared else _dismissed(row, now)
        if judged is not None:
            _fire_apart([judged])


def _judged(row: Schedule, held: Held, now: datetime) -> Firing | None:
    task = catalog.find(row.task_name)
    if task is None:
        logger.error("schedule %s is due, but this process does not know its task", row.name)
        return None
    return _or_log(lambda: firing(row, task, held, now), row)


def _dismissed(row: Schedule, now: datetime) -> Firing | None:
    return _or_log(lambda: farewell(row, now), row)


def _or_log(judge: Callable[[], Firing], row: Schedule) -> Firing | None:
    try:
        return judge()
    except Exception:
        logger.exception("schedule %s cannot be computed", row.name)
        return None


def _batches(firings: Iterable[Firing]) -> Iterator[list[Firing]]:
    batch: list[Firing] = []
    for each in firings:
        if batch and (len(batch) >= BATCH_SCHEDULES or sum(one.rows for one in batch) + each.rows > BATCH_ROWS):
            yield batch
            batch = []
        batch.append(each)
    if batch:
        yield batch


def _fire_apart(batch: list[Firing]) -> int:
    """Fire a batch together; if anything forbids that, each by itself, so that one does not stop the others."""
    try:
        return _fire(batch)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        if len(batch) > 1:
            return sum(_fire_apart([each]) for each in batch)
        logger.exception("schedule %s cannot be fired; it is tried again at the next tick", batch[0].schedule.name)
        return 0


def _fire(batch: list[Firing]) -> int:
    with transaction.atomic():
        won = schedules.advance(
            {each.schedule.name: each.due.next_due_at for each in batch}, [each.schedule for each in batch]
        )
        return submit_all(_unwritten([each for each in batch if each.schedule.name in won]))


def _unwritten(batch: list[Firing]) -> list[Draft]:
    """Return the drafts of all moments that have no row yet, in an order in which no two tickers block each other."""
    spans = tickers.spans_until(batch[0].at) if any(each.due.missed for each in batch) else []
    drafts = [draft for each in batch for draft in drafts_of(each, spans)]
    moments = [draft.due_at for draft in drafts if draft.due_at]
    written = runs.occurrences((draft.schedule_name for draft in drafts), moments) if drafts else set()
    fresh = [draft for draft in drafts if (draft.schedule_name, draft.due_at) not in written]
    return sorted(fresh, key=lambda draft: (draft.task.name, draft.due_at or draft.requested_at))
