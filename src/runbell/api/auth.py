"""Who calls: an API token's user, or the user of a Django session. Nobody is never taken for somebody."""

from __future__ import annotations

from typing import Any

from django.conf import settings as django_settings
from django.http import HttpRequest
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from runbell.actions.tokens import authenticate_token
from runbell.api.address import client_address
from runbell.api.body import require_json_type
from runbell.api.problems import Problem, unauthenticated
from runbell.domain.actors import Actor, Permission
from runbell.domain.jsonable import clean_text

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
USER_AGENT_LENGTH = 255


class ApiToken(AuthBase):
    """Lets in who sends ``Authorization: Bearer <token>``. A header that is there and wrong ends the matter."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = "An API token from `manage.py runbell token create --user NAME`."

    def __init__(self, permission: Permission | None) -> None:
        super().__init__()
        self.permission = permission

    def __call__(self, request: HttpRequest) -> Actor | None:
        """Return who calls, None where no token was sent."""
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is None:
            return None
        scheme, _, secret = header.partition(" ")
        known = authenticate_token(secret.strip()) if scheme.lower() == "bearer" else None
        if known is None:
            raise unauthenticated("The API token is unknown, expired or revoked", 'error="invalid_token"')
        actor = actor_of(request, known.user, token=known.prefix, known_until=known.until)
        return admit(actor, self.permission)


class Session(AuthBase):
    """Lets in who is logged in to the site; what changes something needs Django's CSRF token as well."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    csrf = True
    """Has the docs page send the CSRF token."""
    openapi_description = "The site's session. Methods other than GET also need the CSRF token in `X-CSRFToken`."

    def __init__(self, permission: Permission | None) -> None:
        self.openapi_name = django_settings.SESSION_COOKIE_NAME
        super().__init__()
        self.permission = permission

    def __call__(self, request: HttpRequest) -> Actor | None:
        """Return who calls, None where nobody is logged in."""
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated or not user.is_active:
            return None
        if request.method not in SAFE_METHODS:
            _require_csrf_token(request)
        return admit(actor_of(request, user), self.permission)


def guarded_by(permission: Permission | None) -> list[AuthBase]:
    """Return what lets callers in who have ``permission``; None where the action itself asks for it."""
    return [ApiToken(permission), Session(permission)]


def admit(actor: Actor, permission: Permission | None) -> Actor:
    """Return the actor if it may: the one guard of everything that only reads.

    Raises:
        PermissionDenied: if it may not.
    """
    if permission is not None:
        actor.require(permission)
    return actor


def actor_of(request: HttpRequest, user: Any, token: str = "", known_until: float = 0.0) -> Actor:
    """Return a Django user as an actor, with where the request comes from."""
    name = user.get_username()
    return Actor(
        name=f"user:{name}",
        display_name=user.get_full_name() or name,
        user_id=str(user.pk),
        email=getattr(user, user.get_email_field_name(), "") or "",
        token=token,
        known_until=known_until,
        ip_address=client_address(request),
        user_agent=clean_text(request.META.get("HTTP_USER_AGENT", ""), USER_AGENT_LENGTH),
        has_permission=user.has_perm,
    )


def caller(request: HttpRequest) -> Actor:
    """Return who the guard let in."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


def _require_csrf_token(request: HttpRequest) -> None:
    """Check the type first: Django's check would read a form, however large, to look for the token in it."""
    require_json_type(request)
    if check_csrf(request) is not None:
        raise Problem(403, "csrf-failed", "The CSRF token is missing or wrong; send it in the header X-CSRFToken")
