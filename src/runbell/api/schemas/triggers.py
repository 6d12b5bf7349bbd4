"""Wire types of asking for a run."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from pydantic import Field

from runbell.actions.trigger import Triggered
from runbell.api.links import Links
from runbell.api.schemas.common import Given, Wire

MESSAGES = {
    "queued": "Task queued successfully. Check status in task list.",
    "accepted": "Task accepted. The broker cannot be reached now; the task is handed over as soon as it can.",
}
REPLAYED = "This request was made before; this is the run that it made."


class TriggerIn(Given):
    """What to run, and how."""

    task_name: str = Field(min_length=1, max_length=255, description="Any spelling: hyphens, underscores, Celery path.")
    params: dict[str, Any] | None = Field(default=None, description="Parameters, as the task's JSON Schema says.")
    dry_run: bool = Field(default=False, description="Whether to run it without changing anything.")
    reason: str = Field(default="", description="Why; kept in the audit trail. At most 2000 characters.")


class TriggerLinks(Wire):
    """Where to go on from a trigger."""

    run: str = Field(description="The run.")


class TriggerOut(Wire):
    """What became of a trigger."""

    success: bool = Field(description="Always true.")
    task_name: str = Field(description="The task's immutable name.")
    task_display_name: str = Field(description="The task's title for people.")
    task_id: str = Field(description="The run's id, which is the Celery task id.")
    execution_time: str = Field(description="When it was asked for, ISO 8601.")
    status: str = Field(
        description="`queued`: the broker has it. `accepted`: only the ledger has, until the broker answers."
    )
    message: str = Field(description="The same for people.")
    executed_by: str = Field(description="Who asked.")
    dry_run: bool = Field(description="Whether it is a rehearsal that changes nothing.")
    links: TriggerLinks = Field(description="Where to go on.")


def triggered_response(triggered: Triggered) -> HttpResponse:
    """Return 202 with what ``TriggerOut`` documents, written directly: this is the path that must be fast."""
    run = Links().run(triggered.run_id)
    document = {
        "success": True,
        "task_name": triggered.task.name,
        "task_display_name": triggered.task.title,
        "task_id": triggered.run_id,
        "execution_time": triggered.requested_at.isoformat(),
        "status": triggered.status,
        "message": REPLAYED if triggered.replayed else MESSAGES[triggered.status],
        "executed_by": triggered.actor_name,
        "dry_run": triggered.dry_run,
        "links": {"run": run},
    }
    headers = {"Location": run}
    if triggered.replayed:
        headers["Idempotency-Replayed"] = "true"
    return HttpResponse(json.dumps(document), status=202, content_type="application/json", headers=headers)
