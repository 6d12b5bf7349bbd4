"""The scheduler app."""

from __future__ import annotations

from django.apps import AppConfig


class SchedulerConfig(AppConfig):
    """The scheduled tasks."""

    name = "edms.scheduler"
    label = "scheduler"
