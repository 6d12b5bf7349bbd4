"""Runbell as a Django application."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RunbellConfig(AppConfig):
    """Connects the catalogue and the recording to Celery when the process starts."""

    name = "runbell"
    label = "runbell"
    verbose_name = "Runbell"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks and hook into Celery. Touches neither a database nor a broker."""
        from runbell import checks, engine  # noqa: PLC0415 (only now are the models ready)
        from runbell.actions.begin_audit import begin_audit  # noqa: PLC0415 (as above)
        from runbell.console import checks as console_checks  # noqa: PLC0415 (as above)

        checks.register_all()
        console_checks.register_all()
        engine.install()
        post_migrate.connect(begin_audit, sender=self, dispatch_uid="runbell.begin_audit")
