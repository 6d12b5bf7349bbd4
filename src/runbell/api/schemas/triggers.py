"""Wire types of asking for a run."""

from __future__ import annotations

import json
from typing import Any

from django.db import Error
from django.http import HttpResponse
from pydantic import Field

from runbell.actions.trigger import Triggered
from runbell.api.links import Links
from runbell.api.schemas.common import Given, Wire, json_reply
from runbell.domain.tasks import TaskDefinition
from runbell.queries.pauses import is_paused

MESSAGES = {
    "queued": "Task queued successfully. Check status in task list.",
    "waiting": "Task accepted. It starts when the run before it has ended.",
    "accepted": "Task accepted. The broker cannot be reached now; the task is handed over as soon as it can.",
}
PAUSED = " Its schedule is paused; this run goes all the same."
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
        description="`queued`: the broker has it. `waiting`: the run before it must end first. `accepted`: only the "
        "ledger has it, until the broker answers."
    )
    message: str = Field(description="The same for people.")
    executed_by: str = Field(description="Who asked.")
    dry_run: bool = Field(description="Whether it is a rehearsal that changes nothing.")
    waits_for: str | None = Field(description="The run that must end first, if it is `waiting`.")
    paused: bool = Field(
        description="Whether the task's schedule is paused; a run that is asked for goes all the same."
    )
    links: TriggerLinks = Field(description="Where to go on.")


def triggered_response(triggered: Triggered) -> HttpResponse:
    """Return 202 with what ``TriggerOut`` documents."""
    links = Links()
    content = triggered_document(triggered, links, paused=_is_paused(triggered.task))
    headers = {"Location": links.run(triggered.run_id)}
    if triggered.replayed:
        headers["Idempotency-Replayed"] = "true"
    return json_reply(content, 202, headers)


def triggered_document(triggered: Triggered, links: Links, *, paused: bool) -> bytes:
    """Return what ``TriggerOut`` documents, written directly: this is the path that must be fast.

    Args:
        triggered: what became of the request.
        links: where the request found the API.
        paused: whether the task's schedule is paused.
    """
    document = {
        "success": True,
        "task_name": triggered.task.name,
        "task_display_name": triggered.task.title,
        "task_id": triggered.run_id,
        "execution_time": triggered.requested_at.isoformat(),
        "status": triggered.status,
        "message": (REPLAYED if triggered.replayed else MESSAGES[triggered.status]) + (PAUSED if paused else ""),
        "executed_by": triggered.actor_name,
        "dry_run": triggered.dry_run,
        "waits_for": triggered.waits_for or None,
        "paused": paused,
        "links": {"run": links.run(triggered.run_id)},
    }
    return json.dumps(document).encode()


def _is_paused(task: TaskDefinition) -> bool:
    """Never fail here: the run is accepted already."""
    try:
        return is_paused(task)
    except Error:
        return False
