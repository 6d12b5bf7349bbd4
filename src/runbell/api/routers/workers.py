"""Live workers and queues, without asking a worker."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from runbell.api.operations import reading
from runbell.api.schemas import workers as wire
from runbell.api.schemas.common import reply
from runbell.domain.actors import Permission
from runbell.queries.queues import queue_overview
from runbell.queries.workers import live_workers

router = Router(tags=["workers and queues"])


@router.get(
    "workers/", operation_id="list_workers", summary="Live workers", **reading(Permission.VIEW, wire.WorkerList)
)
def workers(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (ninja passes it)
    """Return the live workers: queues, registered tasks, slots, what each does now, when it was last heard of."""
    return reply(wire.worker_list(live_workers()))


@router.get("queues/", operation_id="list_queues", summary="Queues", **reading(Permission.VIEW, wire.QueueList))
def queues(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (ninja passes it)
    """Return depth, consumers and oldest waiting run of every queue."""
    return reply(wire.queue_list(queue_overview()))
