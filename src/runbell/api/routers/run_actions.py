"""Stopping a run, and running it again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from runbell.actions.cancel import cancel
from runbell.actions.retry import retry
from runbell.api import body
from runbell.api.auth import caller
from runbell.api.links import Links
from runbell.api.operations import acting
from runbell.api.schemas.common import WRITE_PROBLEMS, reply
from runbell.api.schemas.runs import CancellationOut, Reason
from runbell.api.schemas.triggers import TriggerOut, triggered_response
from runbell.domain.actors import Permission
from runbell.queries.runs import require_run_id

router = Router(tags=["runs"])


@router.post(
    "runs/{run_id}/cancellation/",
    operation_id="cancel_run",
    summary="Stop a run",
    **acting(Permission.CANCEL, Reason, CancellationOut, *WRITE_PROBLEMS, body_required=False),
)
def cancellation(request: HttpRequest, run_id: str) -> HttpResponse:
    """Revoke a run that waits; terminate one that runs where its worker's pool can, else ask it to stop."""
    given = body.read(request, Reason, optional=True)
    done = cancel(require_run_id(run_id), actor=caller(request), reason=given.reason)
    here = Links().run(done.run_id)
    answer = CancellationOut(success=True, task_id=done.run_id, how=done.how, message=done.message, links={"run": here})
    return reply(answer, 202, {"Location": here})


@router.post(
    "runs/{run_id}/retry/",
    operation_id="retry_run",
    summary="Run it again",
    **acting(Permission.TRIGGER, Reason, TriggerOut, *WRITE_PROBLEMS, 429, body_required=False, idempotent=True),
)
def retrial(request: HttpRequest, run_id: str) -> HttpResponse:
    """Ask for a new run with the task and the parameters of a finished one; the new run names the old one."""
    given = body.read(request, Reason, optional=True)
    key = body.idempotency_key(request)
    again = retry(require_run_id(run_id), actor=caller(request), reason=given.reason, idempotency_key=key)
    return triggered_response(again)
