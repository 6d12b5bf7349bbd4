"""The reference project's settings with the workshop's tasks beside its own, on a queue of the test's choosing."""

from __future__ import annotations

import os

from kombu import Exchange, Queue

from edms.settings import *  # noqa: F403 (these are its settings)
from edms.settings import CELERY_TASK_QUEUES, INSTALLED_APPS, RUNBELL

WORKSHOP_QUEUE = os.environ.get("WORKSHOP_QUEUE", "workshop")
INSTALLED_APPS = [*INSTALLED_APPS, "tests.acceptance.workshop"]
if os.environ.get("WORKSHOP_HASTY"):
    RUNBELL |= {"WORKER_TIMEOUT": 8.0, "LOST_AFTER": 12.0}
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5.0
"""Seconds that a cold shutdown leaves to what runs."""
CELERY_TASK_QUEUES = [
    *CELERY_TASK_QUEUES,
    Queue(WORKSHOP_QUEUE, Exchange(WORKSHOP_QUEUE, type="direct"), routing_key=WORKSHOP_QUEUE),
]
