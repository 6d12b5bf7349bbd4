"""Whether the process lives, and whether what it needs answers. Open to everybody, and silent about everything else."""

from __future__ import annotations

import logging

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from runbell.api.problems import Problem, problem_response
from runbell.conf import get_dispatcher
from runbell.domain.errors import BrokerUnavailable
from runbell.queries.health import ping_ledger

logger = logging.getLogger(__name__)

BROKER_BUDGET = 0.5
"""Seconds that the broker may take to answer."""
NO_STORE = {"Cache-Control": "no-store"}


@csrf_exempt
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (Django passes it)
    """Return 200: this process answers. Asks neither database nor broker."""
    return JsonResponse({"status": "ok"}, headers=NO_STORE)


@csrf_exempt
def readyz(request: HttpRequest) -> HttpResponse:
    """Return 200 if database and broker answer, else 503 with which of them does not; the reason is only logged."""
    states = {"database": _database_answers(), "broker": _broker_answers()}
    checks = {name: "ok" if answers else "unreachable" for name, answers in states.items()}
    if all(states.values()):
        return JsonResponse({"status": "ok", "checks": checks}, headers=NO_STORE)
    down = " and ".join(name for name, answers in states.items() if not answers)
    headers = {"Retry-After": "5", **NO_STORE}
    return problem_response(
        request, Problem(503, "not-ready", f"Not reachable: {down}", headers=headers, checks=checks)
    )


def _database_answers() -> bool:
    try:
        ping_ledger()
    except DatabaseError as error:
        logger.warning("the database does not answer: %s", error)
        return False
    return True


def _broker_answers() -> bool:
    try:
        get_dispatcher().ping(budget=BROKER_BUDGET)
    except BrokerUnavailable as error:
        logger.warning("the broker does not answer: %s", error)
        return False
    return True
