"""The notifications app."""

from __future__ import annotations

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Mail to people."""

    name = "edms.notifications"
    label = "notifications"
