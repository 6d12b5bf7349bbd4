"""The one view behind every address of the console: who may see it gets the page, everybody else is told why not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import Context, Engine
from django.views.decorators.http import require_safe

from runbell.console.assets import NotBuilt, address, built_assets, page_files
from runbell.console.page import attributes, logout_url
from runbell.console.policy import headers
from runbell.domain.actors import Permission

TEMPLATES = Path(__file__).with_name("templates")
# An engine of its own: the console does not depend on what a project's TEMPLATES says.
_engine = Engine(dirs=[str(TEMPLATES)])
ENOUGH = (Permission.VIEW, Permission.VIEW_AUDIT)
"""Permissions of which one is enough to find something in the console."""


@require_safe
def console(request: HttpRequest, **_: str) -> HttpResponse:
    """Answer with the console's page; its script shows what the address names."""
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not any(user.has_perm(permission) for permission in ENOUGH):
        return _refuse(request, user)
    try:
        assets = built_assets()
    except NotBuilt:
        return _answer("not-built.html", {}, status=503)
    files = {
        "script": address(assets.script),
        "preloads": [address(path) for path in assets.preloads],
        "styles": [address(path) for path in assets.styles],
    }
    return _answer("console.html", {"attributes": attributes(request), **files})


def _refuse(request: HttpRequest, user: Any) -> HttpResponse:
    values = {"user": user.get_username(), "permission": Permission.VIEW, "logout": logout_url()}
    return _answer("refused.html", {**values, "csrf_token": get_token(request)}, status=403)


def _answer(template: str, values: dict[str, Any], status: int = 200) -> HttpResponse:
    content = _engine.get_template(template).render(Context(values | page_files()))
    return HttpResponse(content, status=status, headers=headers())
