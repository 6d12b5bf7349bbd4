"""One look at the whole ledger: which kinds of work wait for a ticker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connections, router
from django.utils import timezone

from runbell.models import AuditEntry, Broker, Pause, Run, Schedule, Worker


@dataclass(frozen=True)
class Glance:
    """What one look saw.

    Args:
        at: when it was, by the clock that tickers share.
        due: a schedule has a moment that nobody has claimed, or there is a pause.
        unpublished: a run may be published now.
        unfinished: a run has not ended.
        in_line: a run waits for the place of another.
        unsealed: an audit entry is not in the chain.
        unasked: nobody has asked the broker of late.
        forgettable: a worker has not been heard of for long.
    """

    at: datetime
    due: bool
    unpublished: bool
    unfinished: bool
    in_line: bool
    unsealed: bool
    unasked: bool
    forgettable: bool


def _any(table: str, where: str, order: str) -> str:
    """Return a condition that is true if a row is there.

    It asks for the first in the order of an index. PostgreSQL would read a whole table for a bare ``EXISTS`` while its
    statistics tell of a day on which many rows were such.
    """
    return f"(SELECT 1 FROM {table} WHERE {where} ORDER BY {order} LIMIT 1) IS NOT NULL"  # noqa: S608 (see its callers)


_RUNS = Run._meta.db_table
_SEEN = ", ".join(
    (
        " OR ".join(
            (
                _any(Schedule._meta.db_table, "fires AND next_due_at <= {now}", "next_due_at"),
                _any(Pause._meta.db_table, "TRUE", "id"),
            )
        ),
        _any(_RUNS, "publish_after IS NOT NULL AND publish_after <= {now}", "publish_after"),
        _any(_RUNS, "finished_at IS NULL", "queue, requested_at"),
        _any(_RUNS, "in_line IS NOT NULL", "in_line, id"),
        _any(AuditEntry._meta.db_table, "sequence IS NULL", "id"),
        f"NOT EXISTS (SELECT 1 FROM {Broker._meta.db_table} WHERE checked_at > %(asked_since)s)",  # noqa: S608
        f"EXISTS (SELECT 1 FROM {Worker._meta.db_table} WHERE heartbeat_at < %(heard_before)s)",  # noqa: S608
    )
)
"""One condition for each part of a glance, in its order."""
_ON_POSTGRESQL = f"SELECT statement_timestamp(), {_SEEN.format(now='statement_timestamp()')}"
_ELSEWHERE = f"SELECT {_SEEN.format(now='%(now)s')}"


def look(asked_since: datetime, heard_before: datetime) -> Glance:
    """Look once; an index answers each part, whatever the ledger holds.

    Args:
        asked_since: whoever asked the broker after that asked it of late.
        heard_before: a worker that was last heard of before that can be forgotten.
    """
    connection = connections[router.db_for_write(Run)]
    now = timezone.now()
    moments = {"now": now, "asked_since": asked_since, "heard_before": heard_before}
    values = {name: connection.ops.adapt_datetimefield_value(moment) for name, moment in moments.items()}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_ON_POSTGRESQL, values)
            there, *seen = cursor.fetchone()
            return Glance(there.astimezone(UTC), *seen)
        cursor.execute(_ELSEWHERE, values)
        return Glance(now, *map(bool, cursor.fetchone()))
