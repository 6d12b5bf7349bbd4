"""The catalogue of tasks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from runbell.api.links import Links
from runbell.api.operations import reading
from runbell.api.schemas import tasks as wire
from runbell.api.schemas.common import reply
from runbell.conf import settings
from runbell.domain.actors import Permission
from runbell.queries.occurrences import next_occurrences
from runbell.queries.tasks import get_task, list_tasks

router = Router(tags=["tasks"])


@router.get("tasks/", operation_id="list_tasks", summary="Catalogue", **reading(Permission.VIEW, wire.TaskList))
def tasks(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (ninja passes it)
    """Return every task with the JSON Schema of its parameters."""
    links = Links()
    items = [wire.task(task, links) for task in list_tasks()]
    return reply(wire.TaskList(site_time_zone=settings().SITE_TIME_ZONE, items=items))


@router.get("tasks/{name}/", operation_id="get_task", summary="One task", **reading(Permission.VIEW, wire.TaskOut, 404))
def task(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001 (ninja passes it)
    """Return a task by any spelling of its name: hyphens, underscores, or its Celery path."""
    return reply(wire.task(get_task(name), Links()))


@router.get(
    "tasks/{name}/occurrences/",
    operation_id="list_occurrences",
    summary="When a task is due next",
    **reading(Permission.VIEW, wire.OccurrenceList, 404, 422),
)
def occurrences(request: HttpRequest, name: str, query: Query[wire.OccurrenceQuery]) -> HttpResponse:  # noqa: ARG001 (ninja passes it)
    """Return the next moments at which any of its schedules is due. They are computed; nothing is claimed by asking."""
    items = [wire.OccurrenceOut(**moment._asdict()) for moment in next_occurrences(name, query.limit)]
    return reply(wire.OccurrenceList(items=items))
