"""The audit trail."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from runbell.api.operations import reading
from runbell.api.paging import next_path
from runbell.api.schemas import audit as wire
from runbell.api.schemas.common import reply
from runbell.domain.actors import Permission
from runbell.queries.audit import list_entries

router = Router(tags=["audit"])


@router.get(
    "audit/",
    operation_id="list_audit_entries",
    summary="Audit trail",
    **reading(Permission.VIEW_AUDIT, wire.AuditList, 422),
)
def audit(request: HttpRequest, query: Query[wire.AuditQuery]) -> HttpResponse:
    """Return who did what, when, from where and why, newest first."""
    page = list_entries(wire.audit_filters(query), query.cursor, query.limit)
    return reply(wire.audit_list(page, next_path(request, page.next_cursor)))
