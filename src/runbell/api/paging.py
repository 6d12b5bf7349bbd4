"""The address of the next page."""

from __future__ import annotations

from django.http import HttpRequest


def next_path(request: HttpRequest, cursor: str | None, name: str = "cursor") -> str | None:
    """Return the path of this request with another cursor, or None if there is no next page."""
    if cursor is None:
        return None
    parameters = request.GET.copy()
    parameters[name] = cursor
    return f"{request.path}?{parameters.urlencode()}"
