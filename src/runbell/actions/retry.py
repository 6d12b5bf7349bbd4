"""Run something again."""

from __future__ import annotations

from runbell.actions.trigger import Triggered, authorise, check_request, draft_for, submit_or_replay
from runbell.catalog import catalog
from runbell.domain.actors import Actor
from runbell.domain.errors import NotPossible, RunNotFound
from runbell.domain.states import ACTIVE, State
from runbell.ledger import runs

POSITIONAL = "*args"
"""Under this name the ledger keeps the positional arguments of a task that was sent past Runbell."""


def retry(run_id: str, *, actor: Actor, reason: str = "", idempotency_key: str | None = None) -> Triggered:
    """Ask for a new run with the task and the parameters of a finished one; it names the old one.

    Raises:
        RunNotFound: no run has that id.
        NotPossible: the run is not finished.
        UnknownTask: the task does not exist any more.
        PermissionDenied, InvalidParams, RehearsalUnavailable, Overlap, IdempotencyConflict: as for a trigger.
    """
    old = runs.find(run_id)
    if old is None:
        raise RunNotFound(run_id)
    task = catalog.resolve(old.task_name)
    authorise(actor, task)
    if State(old.state) in ACTIVE:
        raise NotPossible(f"The run is {old.state}: only a finished run can be retried", state=old.state)
    if POSITIONAL in old.params:
        raise NotPossible("The task was sent with positional arguments, which a run cannot have; send it anew instead")
    params = check_request(task, old.params, dry_run=old.dry_run, reason=reason)
    return submit_or_replay(
        draft_for(
            task,
            actor,
            params,
            dry_run=old.dry_run,
            reason=reason,
            idempotency_key=idempotency_key,
            trigger="retry",
            retry_of=old.pk,
        )
    )
