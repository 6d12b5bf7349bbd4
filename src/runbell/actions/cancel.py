"""Stop a run: revoke what waits, terminate what runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from runbell.domain.actors import Actor, Permission
from runbell.domain.errors import NotPossible, RunNotFound
from runbell.domain.jsonable import clean_text
from runbell.domain.states import ACTIVE, WAITING, Fact, State
from runbell.ledger import audit, runs, workers
from runbell.ledger.rows import Run


@dataclass(frozen=True)
class Cancellation:
    """What a cancellation did.

    Args:
        run_id: the run's id.
        how: ``"revoked"`` (it waited and will never start), ``"terminating"`` (its process is being ended) or
            ``"requested"`` (its worker's pool cannot end it; the task is told the next time it reports progress).
        message: the same for people.
    """

    run_id: str
    how: str
    message: str


def cancel(run_id: str, *, actor: Actor, reason: str = "") -> Cancellation:
    """Stop a run.

    Raises:
        PermissionDenied: if the actor may not.
        RunNotFound: no run has that id.
        NotPossible: it is finished already.
    """
    actor.require(Permission.CANCEL)
    now, reason = timezone.now(), clean_text(reason, 2000)
    with transaction.atomic():
        run = runs.find(run_id)
        if run is None:
            raise RunNotFound(run_id)
        cancellation = _revoke(run, actor, now) or _stop(run_id, actor, now)
        fields = {"task_name": run.task_name, "task_id": run_id, "reason": reason, "how": cancellation.how}
        audit.append(
            "TASK_CANCELLATION_REQUESTED", actor, f"Cancellation: {run.task_name}", fields, at=now, task_id=run_id
        )
    return cancellation


def _revoke(run: Run, actor: Actor, now: datetime) -> Cancellation | None:
    if State(run.state) not in WAITING:
        return None
    detail = f"cancelled by {actor.name} before it started"
    if not runs.observe(runs.Observation(run.task_id, Fact.REVOKED, now, detail=detail)):
        return None
    return Cancellation(run.task_id, "revoked", "The run was waiting; it will never start.")


def _stop(run_id: str, actor: Actor, now: datetime) -> Cancellation:
    run = runs.find(run_id)
    if run is None or State(run.state) not in ACTIVE:
        state = run.state if run else State.REVOKED.value
        raise NotPossible(f"The run is already {state}: there is nothing to cancel", state=state)
    runs.request_cancellation(run, actor.name, f"cancelled by {actor.name} while it ran", now)
    if workers.can_terminate(run.worker_instance):
        return Cancellation(run_id, "terminating", f"The run is being terminated on {run.worker}.")
    return Cancellation(
        run_id,
        "requested",
        f"The pool of {run.worker} cannot terminate a run; the task was asked to stop and may finish first.",
    )
