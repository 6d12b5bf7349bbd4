"""Asking for a run, and the overview."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from runbell.actions.trigger import trigger
from runbell.api import body
from runbell.api.admission import note_admission
from runbell.api.auth import caller
from runbell.api.links import Links
from runbell.api.operations import acting, reading
from runbell.api.remembered import remembered
from runbell.api.schemas.common import WRITE_PROBLEMS, encode, json_reply
from runbell.api.schemas.monitoring import StatusOut, status
from runbell.api.schemas.triggers import TriggerIn, TriggerOut, triggered_response
from runbell.diagnosis.verdict import diagnose
from runbell.domain.actors import Permission
from runbell.domain.errors import AmbiguousTask, UnknownTask
from runbell.queries.tasks import overview

router = Router(tags=["monitoring"])


@router.post(
    "monitoring/manual-trigger/",
    operation_id="trigger_task",
    summary="Run a task now",
    **acting(Permission.TRIGGER, TriggerIn, TriggerOut, *WRITE_PROBLEMS, 429, idempotent=True),
)
def manual_trigger(request: HttpRequest) -> HttpResponse:
    """Write a run into the ledger, hand it to the broker and answer at once, without waiting for a worker.

    While the broker cannot be reached the answer says `accepted` and the run is handed over later, with the same id.
    """
    given = body.read(request, TriggerIn)
    actor = caller(request)
    try:
        triggered = trigger(
            given.task_name,
            actor=actor,
            params=given.params,
            dry_run=given.dry_run,
            reason=given.reason,
            idempotency_key=body.idempotency_key(request),
        )
    except (UnknownTask, AmbiguousTask):
        actor.require(Permission.TRIGGER)
        raise
    response = triggered_response(triggered)
    note_admission(request, actor, triggered.task.name, response.content)
    return response


@router.get("monitoring/status/", operation_id="get_status", summary="Overview", **reading(Permission.VIEW, StatusOut))
def monitoring_status(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (ninja passes it)
    """Return a verdict, what is wrong with its evidence and its mend, and how every task does."""
    return json_reply(remembered(Links().root, _overview))


def _overview() -> bytes:
    snapshot = overview()
    return encode(status(snapshot, diagnose(snapshot), Links()))
