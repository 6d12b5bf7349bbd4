"""The workflows app."""

from __future__ import annotations

from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    """Work that a person has to do."""

    name = "edms.workflows"
    label = "workflows"
