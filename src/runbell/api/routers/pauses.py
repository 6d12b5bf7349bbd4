"""Holding tasks back, and letting them go on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from runbell.actions.pause import Paused, pause_many, pause_task
from runbell.actions.resume import Resumed, resume_many, resume_task
from runbell.api import body, remembered
from runbell.api.auth import caller
from runbell.api.operations import acting, ending, reading
from runbell.api.schemas import pauses as wire
from runbell.api.schemas.common import WRITE_PROBLEMS, reply
from runbell.domain.actors import Permission
from runbell.queries import pauses as queries

router = Router(tags=["pauses"])


@router.get("pauses/", operation_id="list_pauses", summary="Pauses", **reading(Permission.VIEW, wire.PauseList))
def pauses(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (ninja passes it)
    """Return what is paused now: single tasks, categories, all tasks."""
    return reply(wire.PauseList(items=[wire.PauseOut.model_validate(pause) for pause in queries.list_pauses()]))


@router.put(
    "tasks/{name}/pause/",
    operation_id="pause_task",
    summary="Pause a task",
    **acting(Permission.PAUSE, wire.PauseIn, wire.PausedOut, *WRITE_PROBLEMS, status=200),
)
def pause_one(request: HttpRequest, name: str) -> HttpResponse:
    """Hold a task's schedules back. Repeating it gives the pause another reason and end."""
    given = body.read(request, wire.PauseIn)
    return _paused(pause_task(name, actor=caller(request), reason=given.reason, until=given.until))


@router.delete(
    "tasks/{name}/pause/",
    operation_id="resume_task",
    summary="Resume a task",
    **ending(Permission.PAUSE, wire.ResumedOut, 401, 403, 404, 409, 422),
)
def resume_one(request: HttpRequest, name: str, query: Query[wire.ResumeQuery]) -> HttpResponse:
    """End a task's pause. What fell due meanwhile is skipped with its reason, or caught up."""
    return _resumed(resume_task(name, actor=caller(request), missed=query.missed))


@router.put(
    "pause/",
    operation_id="pause_tasks",
    summary="Pause many tasks",
    **acting(Permission.PAUSE, wire.PauseManyIn, wire.PausedOut, *WRITE_PROBLEMS, status=200),
)
def pause_some(request: HttpRequest) -> HttpResponse:
    """Hold the schedules of a category back, or of all tasks: for maintenance."""
    given = body.read(request, wire.PauseManyIn)
    return _paused(pause_many(given.category, actor=caller(request), reason=given.reason, until=given.until))


@router.delete(
    "pause/",
    operation_id="resume_tasks",
    summary="Resume many tasks",
    **ending(Permission.PAUSE, wire.ResumedOut, 401, 403, 404, 422),
)
def resume_some(request: HttpRequest, query: Query[wire.ResumeManyQuery]) -> HttpResponse:
    """End the pause of a category, or of all tasks. Tasks that are paused by themselves stay paused."""
    return _resumed(resume_many(query.category, actor=caller(request), missed=query.missed))


def _paused(paused: Paused) -> HttpResponse:
    _look_again()
    return reply(wire.PausedOut(success=True, **vars(paused) | {"tasks": list(paused.tasks)}))


def _resumed(resumed: Resumed) -> HttpResponse:
    _look_again()
    return reply(wire.ResumedOut(success=True, **vars(resumed)))


def _look_again() -> None:
    """Have this process's next answers know of it: no run has an event of a pause."""
    remembered.forget()
    queries.forget()
