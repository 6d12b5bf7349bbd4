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

Handler = Callable[[HttpRequest], Any]


@sync_and_async_middleware
def content_security_policy(get_response: Handler) -> Handler:
    """Put the strict policy on every response that has none."""
    if iscoroutinefunction(get_response):
        awaited: Callable[[HttpRequest], Awaitable[HttpResponse]] = get_response

        async def protect_async(request: HttpRequest) -> HttpResponse:
            return _protect(await awaited(request))

        return protect_async

    def protect(request: HttpRequest) -> HttpResponse:
        return _protect(get_response(request))

    return protect


def _protect(response: HttpResponse) -> HttpResponse:
    """Add the header unless the view set its own."""
    response.headers.setdefault(HEADER, STRICT)
    return response
