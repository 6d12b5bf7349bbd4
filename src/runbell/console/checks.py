"""System checks: what the console lacks is said when the process starts, not by a white page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register  # noqa: A004 (Django names it so)
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, Resolver404, get_script_prefix, resolve, reverse

from runbell.console.assets import NotBuilt, built_assets
from runbell.console.page import API_ROOT, HOME

TAG = "runbell"


def check_build(**_: Any) -> list[CheckMessage]:
    """W002: the console is mounted and has not been built."""
    try:
        if _is_mounted(HOME):
            built_assets()
    except NotBuilt as error:
        return [Warning(f"the console is not built: {error} is missing", hint="Run: make console", id="runbell.W002")]
    return []


def check_site(**_: Any) -> list[CheckMessage]:
    """W003: the console is mounted where it cannot work."""
    return [Warning(problem, hint=hint, id="runbell.W003") for problem, hint in _lacks()] if _is_mounted(HOME) else []


def register_all() -> None:
    """Register the checks with Django."""
    for check in (check_build, check_site):
        register(check, TAG)


def _lacks() -> list[tuple[str, str]]:
    lacks = []
    if not settings.STATIC_URL:
        lacks.append(("the console's files have no address", 'Set STATIC_URL, e.g. to "static/".'))
    if not _is_mounted(API_ROOT):
        lacks.append(("the console finds no API", "Include runbell.urls, or runbell.api.urls beside the console's."))
    if not _leads_somewhere(settings.LOGIN_URL):
        hint = 'Set LOGIN_URL, e.g. to "admin:login".'
        lacks.append((f"the console sends people to sign in to {settings.LOGIN_URL}, where there is no page", hint))
    return lacks


def _is_mounted(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


def _leads_somewhere(login: str) -> bool:
    """Return whether a sign-in page can be found; one on another site is believed to be there."""
    try:
        address = urlsplit(resolve_url(login))
        return bool(address.netloc or resolve(_inside(address.path)))
    except (NoReverseMatch, Resolver404):
        return False


def _inside(path: str) -> str:
    """Return a path as URL patterns see it: without the prefix below which the project is served."""
    prefix = get_script_prefix()
    return f"/{path.removeprefix(prefix)}" if path.startswith(prefix) else path
