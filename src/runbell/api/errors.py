"""From every exception to a problem document: what callers caused, what the database did, and faults of ours."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from ninja.errors import AuthenticationError, HttpError, ValidationError

from runbell.api.links import Links
from runbell.api.problems import Problem, problem_response, unauthenticated
from runbell.domain import errors

logger = logging.getLogger(__name__)

RETRY_AFTER = 5
"""Seconds after which a caller may try again when the ledger is down."""

STATUS: dict[type[errors.RunbellError], int] = {
    errors.UnknownTask: 404,
    errors.AmbiguousTask: 404,
    errors.RunNotFound: 404,
    errors.UnknownToken: 404,
    errors.UnknownUser: 404,
    errors.NotPaused: 404,
    errors.PermissionDenied: 403,
    errors.Overlap: 409,
    errors.LineFull: 429,
    errors.NotPossible: 409,
    errors.InvalidParams: 422,
    errors.RehearsalUnavailable: 422,
    errors.IdempotencyConflict: 422,
    errors.InvalidFilter: 422,
    errors.RateLimited: 429,
    errors.BrokerUnavailable: 503,
}
AGAIN_LATER = frozenset({429, 503})


def respond(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return the problem document of any exception; what nobody caused is logged with an id that the answer names."""
    for kind, translate in _TRANSLATIONS.items():
        if isinstance(error, kind):
            return problem_response(request, translate(error))
    reference = uuid.uuid4().hex
    logger.error("fault %s on %s %s", reference, request.method, request.path, exc_info=error)
    detail = f"Something went wrong on this side; the log has it under {reference}"
    return problem_response(request, Problem(500, "internal-error", detail, reference=reference))


def _from_domain(error: Any) -> Problem:
    details, headers = dict(error.details), {}
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)
    if status in AGAIN_LATER:
        headers["Retry-After"] = str(details.get("retry_after", RETRY_AFTER))
    if "conflicting_run" in details:
        details["links"] = {"run": Links().run(details["conflicting_run"])}
    return Problem(status, error.code, error.message, headers=headers, **details)


def _from_the_database(error: Any) -> Problem:
    logger.error("the ledger's database failed: %s", error)
    detail = "The ledger cannot be reached at the moment; try again later"
    return Problem(503, "ledger-unavailable", detail, headers={"Retry-After": str(RETRY_AFTER)})


def _from_parameters(error: Any) -> Problem:
    problems = [
        {"field": ".".join(str(part) for part in item["loc"][1:]) or "parameters", "message": item["msg"]}
        for item in error.errors[:50]
    ]
    names = ", ".join(problem["field"] for problem in problems)
    return Problem(422, "invalid-filter", f"The address's parameters were refused: {names}", errors=problems)


_TRANSLATIONS: dict[type[Exception], Callable[[Any], Problem]] = {
    Problem: lambda problem: problem,
    errors.RunbellError: _from_domain,
    OperationalError: _from_the_database,
    InterfaceError: _from_the_database,
    DataError: lambda _: Problem(422, "invalid-request", "A value is one that the ledger cannot keep"),
    ValidationError: _from_parameters,
    AuthenticationError: lambda _: unauthenticated("Log in, or send an API token: Authorization: Bearer rb_…"),
    HttpError: lambda error: Problem(error.status_code, "invalid-request", str(error)),
    Http404: lambda _: Problem(404, "not-found", "There is nothing at this address"),
    DjangoPermissionDenied: lambda _: Problem(403, "permission-denied", "This is not allowed"),
    RequestDataTooBig: lambda _: Problem(413, "body-too-large", "The request is larger than the server reads"),
    SuspiciousOperation: lambda _: Problem(400, "invalid-request", "The request cannot be read"),
    UnreadablePostError: lambda _: Problem(400, "invalid-request", "The request broke off"),
}
