"""Which Celery application Runbell works with."""

from __future__ import annotations

from typing import Any

from celery import Celery, current_app
from django.utils.module_loading import import_string

from runbell.conf import settings

AnyTask = Any
"""A Celery task, whatever its signature. Celery's classes are not generic when they run."""


def celery_app() -> Celery:
    """Return the configured Celery application, or the current one.

    Raises:
        ImportError: if the setting ``CELERY_APP`` names nothing.
    """
    path = settings().CELERY_APP
    if path:
        app: Celery = import_string(path.replace(":", "."))
        return app
    proxy: Any = current_app
    current: Celery = proxy._get_current_object()  # noqa: SLF001 (the way past the proxy)
    return current
