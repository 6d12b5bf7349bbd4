"""What an action hands to the ledger to have written."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from runbell.domain.actors import Actor
from runbell.domain.ids import new_run_id
from runbell.domain.states import State
from runbell.domain.tasks import TaskDefinition


@dataclass(frozen=True)
class Draft:
    """A run that is about to be written."""

    task: TaskDefinition
    actor: Actor
    trigger: str
    requested_at: datetime
    run_id: str = field(default_factory=new_run_id)
    state: State = State.ACCEPTED
    explanation: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    dry_run: bool = False
    reason: str = ""
    schedule_name: str = ""
    due_at: datetime | None = None
    idempotency_key: str | None = None
    request_hash: str = ""
    exclusive: bool = False
    lines_up: bool = False
    retry_of: int | None = None
    publish_after: datetime | None = None
    begun: float = field(default_factory=time.monotonic)
    """When work on it began, monotonic seconds: what the time that a caller waits is counted from."""

    @property
    def task_id(self) -> str:
        """The run's id, by the name that the row has for it."""
        return self.run_id

    @property
    def celery_name(self) -> str:
        """The full Celery path of its task."""
        return self.task.celery_name

    @property
    def queue(self) -> str:
        """The queue that it is sent to."""
        return self.task.queue

    @property
    def expires_at(self) -> datetime | None:
        """When a worker must no longer start it; counted from the moment it was asked for."""
        return self.requested_at + self.task.expires if self.task.expires else None
