"""Stop a run: revoke what waits, terminate what runs."""

from __future__ import annotations

from django.db import transaction

from runbell.actions.release import hasten
from runbell.actions.stop import Cancellation, stop
from runbell.domain.actors import Actor, Permission
from runbell.domain.errors import RunNotFound
from runbell.domain.jsonable import clean_text
from runbell.ledger import runs

__all__ = ["Cancellation", "cancel"]


def cancel(run_id: str, *, actor: Actor, reason: str = "") -> Cancellation:
    """Stop a run.

    Raises:
        PermissionDenied: if the actor may not.
        RunNotFound: no run has that id.
        NotPossible: it is finished already.
    """
    actor.require(Permission.CANCEL)
    with transaction.atomic():
        run = runs.find(run_id)
        if run is None:
            raise RunNotFound(run_id)
        cancellation = stop(run, actor, clean_text(reason, 2000), f"cancelled by {actor.name}")
        hasten(run.task_name)
    return cancellation
