"""The page to try the API: its script comes from this site or not at all."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.docs import Swagger

from runbell.api.problems import Problem

POLICY = (
    "default-src 'none'; script-src {files}; style-src {files} 'unsafe-inline'; img-src {files} data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Swagger UI sets style attributes; it needs no inline script."""
MISSING = 'This page needs "ninja" in INSTALLED_APPS; openapi.json is there without it'


class Docs(Swagger):
    """Swagger UI with its files from the project's static files.

    Ninja would take them from another site where the project does not have them: a script from there could do whatever
    the person who looks at the page may do.
    """

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """Return the page, with a policy that lets it load nothing from elsewhere.

        Raises:
            Problem: 404 if the project does not have ninja's static files.
        """
        if not apps.is_installed("ninja"):
            raise Problem(404, "not-found", MISSING)
        page = super().render_page(request, api, **kwargs)
        page.headers["Content-Security-Policy"] = POLICY.format(files=_files())
        return page


def _files() -> str:
    """Return what the policy allows files from: this site, and the other one where ``STATIC_URL`` names one."""
    parts = urlsplit(settings.STATIC_URL or "")
    return f"'self' {parts.scheme or 'https'}://{parts.netloc}" if parts.netloc else "'self'"
