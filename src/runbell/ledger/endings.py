"""The audit entry that every run gets when it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from runbell.catalog import catalog
from runbell.domain.actors import Actor
from runbell.domain.states import State
from runbell.ledger import audit
from runbell.ledger.attempt import Claim, Ending
from runbell.ledger.records import Record
from runbell.models import AuditEntry, Run

_ACTIONS = {
    State.SUCCESS: "TASK_EXECUTION_COMPLETED",
    State.PARTIAL: "TASK_EXECUTION_PARTIAL",
    State.FAILURE: "TASK_EXECUTION_FAILED",
    State.REVOKED: "TASK_EXECUTION_CANCELLED",
    State.EXPIRED: "TASK_EXECUTION_EXPIRED",
    State.LOST: "TASK_EXECUTION_LOST",
}


@dataclass(frozen=True)
class EndedRun:
    """What the audit trail is told of a run that has ended, by the names that the run has for it."""

    task_id: str
    task_name: str
    trigger: str
    actor: str
    actor_name: str
    dry_run: bool
    attempt: int
    worker: str
    started_at: datetime | None
    state: str
    processed: int | None
    failed: int | None
    error: str
    explanation: str


def audit_end(run: Run, *, at: datetime) -> None:
    """Write the entry that tells how a run ended."""
    entry = end_entry(run, at=at)
    if entry is not None:
        AuditEntry.objects.create(**entry)


def end_entry(run: Run | EndedRun, *, at: datetime) -> Record | None:
    """Return the entry that tells how a run ended, in the name of who asked for it; it is not written yet.

    A run that the application sent past Runbell was asked for by nobody here, and has no entries.
    """
    if run.trigger == "celery":
        return None
    actor, task = Actor(name=run.actor, display_name=run.actor_name), catalog.find(run.task_name)
    return audit.entry(
        _ACTIONS[State(run.state)],
        actor,
        f"{run.state.capitalize()}: {task.title if task else run.task_name}",
        {
            "task_name": run.task_name,
            "task_id": run.task_id,
            "dry_run": run.dry_run,
            "state": run.state,
            "attempt": run.attempt,
            "worker": run.worker,
            "started_at": run.started_at.isoformat() if run.started_at else None,
            "finished_at": at.isoformat(),
            "processed": run.processed,
            "failed": run.failed,
            "error": run.error,
            "explanation": run.explanation,
        },
        at=at,
        task_id=run.task_id,
    )


def told_of(claim: Claim, ending: Ending) -> EndedRun:
    """Return what the audit trail is told of a run whose attempt ends so."""
    return EndedRun(
        task_id=claim.run_id,
        task_name=claim.task_name,
        trigger=claim.trigger,
        actor=claim.actor,
        actor_name=claim.actor_name,
        dry_run=claim.dry_run,
        attempt=claim.attempt,
        worker=claim.worker,
        started_at=claim.started_at,
        state=ending.fact.value,
        processed=ending.processed,
        failed=ending.failed,
        error=ending.error,
        explanation=ending.detail,
    )
