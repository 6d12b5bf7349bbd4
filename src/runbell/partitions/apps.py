"""The optional application."""

from __future__ import annotations

from django.apps import AppConfig


class PartitionsConfig(AppConfig):
    """Holds nothing but the migration that divides the tables."""

    name = "runbell.partitions"
    label = "runbell_partitions"
    verbose_name = "Runbell by month"
