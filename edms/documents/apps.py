"""The documents app."""

from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Controlled documents."""

    name = "edms.documents"
    label = "documents"
