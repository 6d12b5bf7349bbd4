"""Look which steps of a tick have something to do, so that an idle ticker costs next to nothing."""

from __future__ import annotations

from django.utils import timezone

from runbell.actions import doubt, reap
from runbell.actions.keep_watch import watch
from runbell.ledger import glance


def look() -> frozenset[str]:
    """Return the names of the steps that are worth their questions now. One query.

    Raises:
        django.db.DatabaseError: if the database cannot be reached; that it was tried is remembered.
    """
    now = timezone.now()
    with watch:
        seen = glance.look(asked_since=now - doubt.LOOK_EVERY, heard_before=now - reap.FORGET_WORKERS_AFTER)
    worth = {
        "fire_due": seen.due or watch.is_time(seen.at),
        "doubt": seen.unasked,
        "relay": seen.unpublished,
        "reap": seen.unfinished or seen.forgettable,
        "release": seen.in_line,
        "seal_audit": seen.unsealed,
    }
    return frozenset(name for name, is_worth_it in worth.items() if is_worth_it)
