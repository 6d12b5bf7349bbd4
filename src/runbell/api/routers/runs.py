"""The history of runs, and one run."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from runbell.api.auth import caller
from runbell.api.links import Links
from runbell.api.operations import reading
from runbell.api.paging import next_path
from runbell.api.schemas import runs as wire
from runbell.api.schemas.common import PageQuery, reply
from runbell.diagnosis.waiting.sentence import waiting_for
from runbell.domain.actors import Permission
from runbell.queries.runs import get_run, list_runs
from runbell.queries.timeline import list_events, list_log_lines
from runbell.queries.waiting import what_keeps

router = Router(tags=["runs"])


@router.get("runs/", operation_id="list_runs", summary="History", **reading(Permission.VIEW, wire.RunList, 422))
def runs(request: HttpRequest, query: Query[wire.RunQuery]) -> HttpResponse:
    """Return runs, newest first. A page stays what it is while newer runs are added before it."""
    page = list_runs(wire.run_filters(query), query.cursor, query.limit)
    return reply(wire.run_list(page, next_path(request, page.next_cursor), Links()))


@router.get(
    "runs/{run_id}/", operation_id="get_run", summary="One run", **reading(Permission.VIEW, wire.RunDetailOut, 404)
)
def run(request: HttpRequest, run_id: str) -> HttpResponse:
    """Return everything about one run but its events and log lines."""
    may_see_address = caller(request).has_permission(Permission.VIEW_AUDIT.value)
    found = get_run(run_id)
    waits = waiting_for(what_keeps(found.id))
    return reply(wire.run_detail(found, waits, Links(), with_address=may_see_address))


@router.get(
    "runs/{run_id}/events/",
    operation_id="list_run_events",
    summary="What happened to a run",
    **reading(Permission.VIEW, wire.EventList, 404, 422),
)
def events(request: HttpRequest, run_id: str, query: Query[PageQuery]) -> HttpResponse:
    """Return the facts about a run, oldest first, each with the time since the one before."""
    page = list_events(run_id, query.cursor, query.limit)
    return reply(wire.event_list(page, next_path(request, page.next_cursor)))


@router.get(
    "runs/{run_id}/log/",
    operation_id="list_run_log",
    summary="What a run logged",
    **reading(Permission.VIEW, wire.LogOut, 404, 422),
)
def log(request: HttpRequest, run_id: str, query: Query[wire.LogQuery]) -> HttpResponse:  # noqa: ARG001 (ninja passes it)
    """Return log lines of a run. Ask again with `after` to follow one that runs."""
    return reply(wire.log(list_log_lines(run_id, query.after, query.limit)))
