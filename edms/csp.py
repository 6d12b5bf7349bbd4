"""The Content-Security-Policy header: what a page may load, and from where."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

HEADER = "Content-Security-Policy"
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
API_DOCS = STRICT.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
"""Swagger UI sets style attributes; it needs no inline script."""
API_DOCS_VIEW = "openapi-view"

Handler = Callable[[HttpRequest], Any]


@sync_and_async_middleware
def content_security_policy(get_response: Handler) -> Handler:
    """Put the strict policy on every response, and one with inline styles on the API's documentation page."""
    if iscoroutinefunction(get_response):
        awaited: Callable[[HttpRequest], Awaitable[HttpResponse]] = get_response

        async def protect_async(request: HttpRequest) -> HttpResponse:
            return _protect(request, await awaited(request))

        return protect_async

    def protect(request: HttpRequest) -> HttpResponse:
        return _protect(request, get_response(request))

    return protect


def _protect(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Add the header unless the view set its own."""
    match = request.resolver_match
    response.headers.setdefault(HEADER, API_DOCS if match and match.url_name == API_DOCS_VIEW else STRICT)
    return response
