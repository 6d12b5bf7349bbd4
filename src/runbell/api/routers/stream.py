"""What changes, as it changes."""

from __future__ import annotations

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from ninja import Router

from runbell.api.auth import caller, guarded_by
from runbell.api.broadcast import broadcast
from runbell.api.broadcast import stream as frames
from runbell.api.operations import PERMISSION
from runbell.api.problems import Problem
from runbell.api.schemas.common import READ_PROBLEMS, problems
from runbell.domain.actors import Permission

router = Router(tags=["runs"])


@router.get(
    "stream/",
    operation_id="stream_changes",
    summary="Changes as they happen",
    auth=guarded_by(Permission.VIEW),
    response=problems(*READ_PROBLEMS, 501),
    openapi_extra={
        PERMISSION: Permission.VIEW.value,
        "responses": {200: {"description": "Server-sent events.", "content": {"text/event-stream": {}}}},
    },
)
def stream(request: HttpRequest) -> HttpResponseBase:
    """Send an event for every fact about a run: its id, its task, what happened. Ask the other addresses for the rest.

    A stream ends by itself after five minutes; a browser comes back. Needs an ASGI server; under WSGI it answers 501.
    """
    if not isinstance(request, ASGIRequest):
        raise Problem(501, "no-stream", "This server cannot stream; ask again from time to time instead")
    if broadcast.is_full:
        raise Problem(503, "too-many-streams", "Too many browsers listen already", headers={"Retry-After": "30"})
    who = caller(request).name
    if broadcast.has_enough(who):
        raise Problem(503, "too-many-streams", "You listen in too many places already", headers={"Retry-After": "30"})
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-cache, no-transform"}
    return StreamingHttpResponse(frames(who), content_type="text/event-stream", headers=headers)
