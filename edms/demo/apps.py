"""The demonstration app."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Demonstration data."""

    name = "edms.demo"
    label = "demo"
