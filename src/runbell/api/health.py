"""Whether the process lives, and whether what it needs answers. Open to everybody, and silent about everything else."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from runbell.api.problems import Problem, problem_response
from runbell.api.readiness import Readiness

NO_STORE = {"Cache-Control": "no-store"}
_readiness = Readiness()


@login_not_required
@csrf_exempt
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (Django passes it)
    """Return 200: this process answers. Asks neither database nor broker."""
    return JsonResponse({"status": "ok"}, headers=NO_STORE)


@login_not_required
@csrf_exempt
def readyz(request: HttpRequest) -> HttpResponse:
    """Return 200 if database and broker answer, else 503 with which of them does not; the reason is only logged."""
    states = _readiness.states()
    checks = {name: "ok" if answers else "unreachable" for name, answers in states.items()}
    if all(states.values()):
        return JsonResponse({"status": "ok", "checks": checks}, headers=NO_STORE)
    down = " and ".join(name for name, answers in states.items() if not answers)
    headers = {"Retry-After": "5", **NO_STORE}
    return problem_response(
        request, Problem(503, "not-ready", f"Not reachable: {down}", headers=headers, checks=checks)
    )
