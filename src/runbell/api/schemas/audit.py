"""Wire types of the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from runbell.api.schemas.common import PageQuery, Wire
from runbell.queries.audit import AuditFilters, AuditInfo
from runbell.queries.pages import Page


class AuditQuery(PageQuery):
    """Which audit entries to list."""

    actor: str | None = Field(default=None, description="Who did it, e.g. `user:quality`.")
    action: str | None = Field(default=None, description="What was done, e.g. TASK_EXECUTION_STARTED.")
    task: str | None = Field(default=None, description="Any spelling of a task's name.")
    task_id: str | None = Field(default=None, description="The id of a run.")
    since: datetime | None = Field(default=None, alias="from", description="At this moment or later.")
    until: datetime | None = Field(default=None, alias="to", description="Before this moment.")


class AuditEntryOut(Wire):
    """One thing that somebody did."""

    id: int = Field(description="Its number.")
    at: datetime = Field(description="When.")
    action: str = Field(description="What was done.")
    actor: str = Field(description="Who or what did it.")
    actor_name: str = Field(description="The same for people.")
    task_id: str = Field(description="The run that it is about, or empty.")
    description: str = Field(description="One sentence.")
    field_changes: dict[str, Any] = Field(description="The particulars.")
    ip_address: str = Field(description="Where the request came from, or empty.")
    user_agent: str = Field(description="What made the request, or empty.")
    sequence: int | None = Field(description="Its place in the chain; null until it is sealed, within seconds.")
    previous_hash: str = Field(description="The hash of the entry before it, or empty until it is sealed.")
    hash: str = Field(description="SHA-256 of its place, its predecessor's hash and its content.")


class AuditList(Wire):
    """A page of audit entries, newest first."""

    items: list[AuditEntryOut] = Field(description="The entries.")
    next: str | None = Field(description="The path of the next page; null on the last one.")


def audit_filters(query: AuditQuery) -> AuditFilters:
    """Return what the address asks for."""
    return AuditFilters(
        actor=query.actor,
        action=query.action,
        task=query.task,
        task_id=query.task_id,
        since=query.since,
        until=query.until,
    )


def audit_list(page: Page[AuditInfo], next_path: str | None) -> AuditList:
    """Return a page of audit entries on the wire."""
    return AuditList(items=[AuditEntryOut.model_validate(entry) for entry in page.items], next=next_path)
