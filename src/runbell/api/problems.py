"""Problem documents (RFC 9457): the one form of everything that the API refuses.

They also carry ``success: false`` and ``error``, which older clients read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:runbell:problem:"

TITLES = {
    "ambiguous-task": "Ambiguous task",
    "broker-unavailable": "Broker unavailable",
    "body-too-large": "Body too large",
    "csrf-failed": "CSRF check failed",
    "idempotency-conflict": "Idempotency key used before",
    "internal-error": "Internal error",
    "invalid-filter": "Invalid filter",
    "invalid-params": "Invalid parameters",
    "invalid-request": "Invalid request",
    "ledger-unavailable": "Ledger unavailable",
    "line-full": "Too many runs wait in line",
    "malformed-body": "Malformed body",
    "method-not-allowed": "Method not allowed",
    "not-found": "Not found",
    "not-paused": "Not paused",
    "not-possible": "Not possible",
    "overlap": "Overlap",
    "permission-denied": "Permission denied",
    "rate-limited": "Too many triggers",
    "rehearsal-unavailable": "No dry run",
    "unauthenticated": "Not authenticated",
    "unknown-run": "Unknown run",
    "unknown-task": "Unknown task",
    "unsupported-media-type": "Unsupported media type",
}


class Problem(Exception):
    """A refusal of the API's own, which no domain error stands for.

    Args:
        status: HTTP status code.
        code: what went wrong, one of ``TITLES``.
        detail: one sentence for people.
        headers: further headers of the response.
        extra: further members of the document.
    """

    def __init__(
        self, status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **extra: Any
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.headers, self.extra = headers or {}, extra


def problem_response(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Return the problem document of a refusal."""
    document = {
        "type": TYPE_PREFIX + problem.code,
        "title": TITLES.get(problem.code) or HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "instance": escape_uri_path(request.path),
        "success": False,
        "error": problem.detail,
    }
    return HttpResponse(
        json.dumps(document | problem.extra, default=str),
        status=problem.status,
        content_type=CONTENT_TYPE,
        headers=dict(problem.headers),
    )


def field_problem(status: int, code: str, field: str, message: str) -> Problem:
    """Return the refusal of one field."""
    return Problem(status, code, f"{field}: {message}", errors=[{"field": field, "message": message}])


def unauthenticated(detail: str, challenge: str = "") -> Problem:
    """Return the refusal of a caller that nobody knows, with the challenge that RFC 9110 asks for."""
    value = 'Bearer realm="runbell"' + (f", {challenge}" if challenge else "")
    return Problem(401, "unauthenticated", detail, headers={"WWW-Authenticate": value})
