"""The Celery application."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery, signals
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "edms.settings")

app = Celery("edms", task_cls="runbell.engine.task:Task")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.task_prerun.connect(dispatch_uid="edms.check_database_connection")
def check_database_connection(**_: Any) -> None:
    """Have a kept connection (``CELERY_DB_REUSE_MAX``) tested before a task uses it."""
    close_old_connections()
