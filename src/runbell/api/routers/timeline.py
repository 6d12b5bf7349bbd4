"""The picture of the last and the next 24 hours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from runbell.api.operations import reading
from runbell.api.schemas.common import reply
from runbell.api.schemas.timeline import TimelineOut
from runbell.domain.actors import Permission
from runbell.queries.lanes import picture

router = Router(tags=["monitoring"])


@router.get(
    "timeline/",
    operation_id="get_timeline",
    summary="The last and the next 24 hours",
    **reading(Permission.VIEW, TimelineOut),
)
def timeline(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (ninja passes it)
    """Return a lane for each task: its runs, and when it is due. Of very many runs only the newest and the bad ones."""
    return reply(TimelineOut.model_validate(picture()))
