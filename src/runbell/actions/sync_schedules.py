"""Bring the schedules that the code declares into the database."""

from __future__ import annotations

from runbell.actions.fire_due import settle_past
from runbell.actions.keep_watch import keep_watch
from runbell.catalog import catalog
from runbell.ledger import schedules

TRIES = 3


def sync_schedules() -> bool:
    """Make the schedule table say what the code says; what the code no longer has stops firing.

    Moments that a given-up schedule had before now, and that nobody fired, are accounted for first. Returns False if
    other tickers kept moving the schedules meanwhile; then it is to be done again.
    """
    for number in range(1, TRIES + 1):
        now = keep_watch()
        definitions = list(catalog.schedules())
        settle_past(schedules.outdated(definitions, now), now)
        if schedules.sync(definitions, now, settled=number == TRIES):
            return True
    return False
