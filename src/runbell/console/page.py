"""What the page says to the console that runs in it: the attributes that ``frontend/README.md`` lists."""

from __future__ import annotations

from typing import Any

from django.conf import settings as django_settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, reverse

from runbell.conf import settings
from runbell.domain.actors import Permission

HOME = "runbell:home"
API_ROOT = "runbell-api:api-root"
API_STREAM = "runbell-api:stream"
LOGOUTS = ("logout", "admin:logout")
"""Where Django's own sign-out is found, most often."""


def attributes(request: HttpRequest) -> dict[str, str]:
    """Return the ``data-`` attributes of the console's root element."""
    user: Any = request.user
    said = {
        "base": reverse(HOME),
        "api": reverse(API_ROOT),
        "csrf-token": get_token(request),
        "login": resolve_url(django_settings.LOGIN_URL),
        "logout": logout_url(),
        "user": user.get_full_name() or user.get_username(),
        "permissions": " ".join(_codename(permission) for permission in Permission if user.has_perm(permission)),
        "time-zone": settings().SITE_TIME_ZONE,
        "stream": reverse(API_STREAM) if isinstance(request, ASGIRequest) else None,
    }
    return {name: value for name, value in said.items() if value is not None}


def logout_url() -> str | None:
    """Return where people sign out by POST; None where the site has no such page."""
    if settings().LOGOUT_URL:
        return resolve_url(settings().LOGOUT_URL)
    for name in LOGOUTS:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return None


def _codename(permission: Permission) -> str:
    return permission.value.partition(".")[2]
