"""Log records made inside a run are kept with the run."""

from __future__ import annotations

import logging

from runbell.engine.attempts import current_attempt

_MACHINERY = (
    "celery.app",
    "celery.worker",
    "celery.pool",
    "celery.concurrency",
    "kombu",
    "amqp",
    "runbell",
    "django.db",
)


class RunLogHandler(logging.Handler):
    """Hands each record to the run that is under way in this thread, if any."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record with the current run; what the machinery itself says is not the task's."""
        attempt = current_attempt()
        if attempt is not None and not record.name.startswith(_MACHINERY):
            attempt.recorder.log(record)


def install() -> None:
    """Add the handler to the root logger, once."""
    root = logging.getLogger()
    if not any(isinstance(handler, RunLogHandler) for handler in root.handlers):
        root.addHandler(RunLogHandler(logging.INFO))
