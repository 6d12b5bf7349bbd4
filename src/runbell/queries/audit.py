"""Reading the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from runbell.models import AuditEntry
from runbell.queries.audit_chain import ChainReport, verify_chain
from runbell.queries.names import require_task_name
from runbell.queries.pages import Page, cursor_after, newest_first, require_limit, require_text, require_time

__all__ = ["AuditFilters", "AuditInfo", "ChainReport", "list_entries", "verify_chain"]


@dataclass(frozen=True)
class AuditFilters:
    """Which entries to list. What is empty or None filters nothing.

    Args:
        actor: who did it, e.g. ``"user:quality"``.
        action: what was done, e.g. ``"TASK_EXECUTION_STARTED"``.
        task: any spelling of a task's name.
        task_id: id of a run.
        since: at this moment or later.
        until: before this moment.
    """

    actor: str | None = None
    action: str | None = None
    task: str | None = None
    task_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class AuditInfo:
    """One audit entry.

    Args:
        sequence: its place in the chain, None until it is sealed.
        previous_hash, hash: what seals it, "" until it is sealed.
    """

    id: int
    at: datetime
    action: str
    actor: str
    actor_name: str
    task_id: str
    description: str
    field_changes: dict[str, Any]
    ip_address: str
    user_agent: str
    sequence: int | None
    previous_hash: str
    hash: str


def list_entries(
    filters: AuditFilters | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[AuditInfo]:
    """Return a page of audit entries, newest first.

    Raises:
        InvalidFilter: if a filter, the cursor or the limit cannot be read.
    """
    size = require_limit(limit)
    rows = newest_first(_filtered(filters or AuditFilters()), "at", cursor, size)
    return Page(tuple(_info(row) for row in rows[:size]), cursor_after(rows, "at", size))


def _filtered(filters: AuditFilters) -> QuerySet[AuditEntry]:
    conditions: dict[str, Any] = {
        "actor": require_text("actor", filters.actor) if filters.actor else None,
        "action": require_text("action", filters.action) if filters.action else None,
        "task_name": require_task_name(filters.task) if filters.task else None,
        "task_id": require_text("task_id", filters.task_id) if filters.task_id else None,
        "at__gte": require_time("from", filters.since),
        "at__lt": require_time("to", filters.until),
    }
    return AuditEntry.objects.filter(**{name: value for name, value in conditions.items() if value is not None})


def _info(row: AuditEntry) -> AuditInfo:
    return AuditInfo(
        id=row.pk,
        at=row.at,
        action=row.action,
        actor=row.actor,
        actor_name=row.actor_name,
        task_id=row.task_id,
        description=row.description,
        field_changes=row.field_changes,
        ip_address=row.ip_address,
        user_agent=row.user_agent,
        sequence=row.sequence,
        previous_hash=row.previous_hash,
        hash=row.hash,
    )
