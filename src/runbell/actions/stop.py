"""Stop a run on behalf of somebody whose right to do so is settled: revoke what waits, have ended what runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from runbell.domain.actors import Actor
from runbell.domain.errors import NotPossible
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


def stop(run: Run, actor: Actor, reason: str, why: str) -> Cancellation:
    """Stop a run and audit it. Call it in a transaction.

    Args:
        run: the run as it was a moment ago.
        actor: on whose behalf.
        reason: in the words of who asked, or "".
        why: what the run's story says, e.g. ``"cancelled by user:quality"``.

    Raises:
        NotPossible: it is finished already.
    """
    now = timezone.now()
    cancellation = _revoke(run, why, now) or _end(run.task_id, actor, why, now)
    fields = {"task_name": run.task_name, "task_id": run.task_id, "reason": reason, "how": cancellation.how}
    audit.append(
        "TASK_CANCELLATION_REQUESTED", actor, f"Cancellation: {run.task_name}", fields, at=now, task_id=run.task_id
    )
    return cancellation


def _revoke(run: Run, why: str, now: datetime) -> Cancellation | None:
    if State(run.state) not in WAITING:
        return None
    if not runs.observe(runs.Observation(run.task_id, Fact.REVOKED, now, detail=f"{why} before it started")):
        return None
    return Cancellation(run.task_id, "revoked", "The run was waiting; it will never start.")


def _end(run_id: str, actor: Actor, why: str, now: datetime) -> Cancellation:
    run = runs.find(run_id)
    if run is None or State(run.state) not in ACTIVE:
        state = run.state if run else State.REVOKED.value
        raise NotPossible(f"The run is already {state}: there is nothing to cancel", state=state)
    runs.request_cancellation(run, actor.name, f"{why} while it ran", now)
    if workers.can_terminate(run.worker_instance):
        return Cancellation(run_id, "terminating", f"The run is being terminated on {run.worker}.")
    return Cancellation(
        run_id,
        "requested",
        f"The pool of {run.worker} cannot terminate a run; the task was asked to stop and may finish first.",
    )
