"""Which Celery application Runbell works with."""

from __future__ import annotations

from celery import Celery, current_app
from django.utils.module_loading import import_string

from runbell.conf import settings


def celery_app() -> Celery:
    """Return the configured Celery application, or the current one.

    Raises:
        ImportError: if the setting ``CELERY_APP`` names nothing.
    """
    path = settings().CELERY_APP
    if path:
        app: Celery = import_string(path.replace(":", "."))
        return app
    return current_app._get_current_object()  # type: ignore[no-any-return]
