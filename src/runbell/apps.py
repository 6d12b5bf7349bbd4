"""Runbell as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class RunbellConfig(AppConfig):
    """Connects the catalogue and the recording to Celery when the process starts."""

    name = "runbell"
    label = "runbell"
    verbose_name = "Runbell"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks and hook into Celery. Touches neither a database nor a broker."""
        from runbell import checks, engine  # noqa: PLC0415 (only now are the models ready)

        checks.register_all()
        engine.install()
