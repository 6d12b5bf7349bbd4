"""Running a declared task's function: really, or as a rehearsal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from runbell.actions.record import Claim
from runbell.domain.outcome import Outcome
from runbell.domain.params import typed_params
from runbell.domain.tasks import TaskDefinition
from runbell.engine.application import AnyTask
from runbell.engine.attempts import Attempt, current_attempt
from runbell.engine.context import Run
from runbell.engine.rehearsal import Rehearsal


class Unrecorded:
    """Where progress goes of a run that is in no ledger: a direct call, or Celery's eager mode."""

    cancel_requested = stale = False

    def progress(self, done: int, total: int | None, message: str) -> None:
        """Keep nothing."""


def execute(
    function: Callable[..., Any], definition: TaskDefinition, celery_task: AnyTask, params: dict[str, Any]
) -> Any:
    """Run the function for the attempt under way, or unrecorded where there is none; return what Celery shall keep.

    A claimed run uses the parameters that the ledger has, which were validated and audited; a message is only a hint.

    Raises:
        InvalidParams: if a task that was sent past Runbell has parameters that its signature refuses.
    """
    assert definition.params_model is not None
    attempt = current_attempt()
    if attempt is None or attempt.claim.run_id != celery_task.request.id:
        typed = typed_params(definition.params_model, params)
        return as_result(function(Run(unrecorded_claim(definition, celery_task), Unrecorded()), **typed))
    kept = params if attempt.claim.actor.startswith("celery:") else attempt.claim.params
    typed = typed_params(definition.params_model, kept)
    run = Run(attempt.claim, attempt.recorder)
    value = _rehearse(function, run, typed, attempt) if attempt.claim.dry_run else function(run, **typed)
    attempt.outcome = value if isinstance(value, Outcome) else None
    return as_result(value)


def _rehearse(function: Callable[..., Any], run: Run, params: dict[str, Any], attempt: Attempt) -> Any:
    rehearsal = Rehearsal()
    try:
        return rehearsal.run(lambda: function(run, **params))
    finally:
        attempt.rehearsal = rehearsal.report()


def as_result(value: Any) -> Any:
    """Return what a Celery result backend can keep of what a task returned."""
    return value.as_dict() if isinstance(value, Outcome) else value


def unrecorded_claim(definition: TaskDefinition, celery_task: AnyTask) -> Claim:
    """Return a claim that is in no ledger."""
    return Claim(
        pk=0,
        run_id=celery_task.request.id or "",
        task_name=definition.name,
        attempt=1,
        params={},
        dry_run=False,
        actor="system:direct-call",
        actor_name="direct call",
        actor_email="",
        reason="",
        due_at=None,
        started_at=timezone.now(),
    )
