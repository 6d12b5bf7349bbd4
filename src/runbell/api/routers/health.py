"""The two questions that load balancers ask, inside the API as well."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from runbell.api import health
from runbell.api.operations import public
from runbell.api.schemas.health import Alive, Ready

router = Router(tags=["health"])


@router.get("healthz", operation_id="healthz", summary="Is the process alive?", **public(Alive))
def healthz(request: HttpRequest) -> HttpResponse:
    """Return 200 as long as the process answers; asks neither database nor broker."""
    return health.healthz(request)


@router.get("readyz", operation_id="readyz", summary="Can it work?", **public(Ready))
def readyz(request: HttpRequest) -> HttpResponse:
    """Return 200 if database and broker answer, else 503 with which of them does not."""
    return health.readyz(request)
