"""The base class of tasks: it claims a run before it starts."""

from __future__ import annotations

import logging
from typing import Any

from celery.contrib.django.task import DjangoTask
from celery.exceptions import Ignore
from django.db import InterfaceError, OperationalError

from runbell.engine import attempts

logger = logging.getLogger(__name__)

CLAIM_RETRY = 5
"""Seconds until a message is tried again whose run could not be claimed because the database was away."""


class Task(DjangoTask):  # type: ignore[type-arg] # not generic when it runs
    """A Celery task whose every execution is in the ledger.

    Set it once for a project: ``Celery("edms", task_cls="runbell.engine.task:Task")``. Tasks declared with
    ``@runbell.task`` have it in any case.
    """

    abstract = True
    runbell_queue = ""
    """The queue that the task was declared for; Celery's own attribute for it is about to go."""

    def apply_async(self, *args: Any, **options: Any) -> Any:
        """Send the task as Celery does, to the queue that it was declared for unless ``options`` say otherwise."""
        if self.runbell_queue and not options.keys() & {"queue", "exchange", "routing_key"}:
            options["queue"] = self.runbell_queue
        return super().apply_async(*args, **options)

    def before_start(self, task_id: str, args: Any, kwargs: dict[str, Any]) -> None:
        """Claim the run.

        Raises:
            celery.exceptions.Ignore: if another attempt has it, or it was cancelled, expired or finished.
            celery.exceptions.Retry: if the database is away.
        """
        if self.request.is_eager:
            return
        try:
            claimed = attempts.begin(self, task_id, args, kwargs)
        except (OperationalError, InterfaceError) as error:
            logger.warning("run %s cannot be claimed, the database is away; trying again", task_id)
            raise self.retry(exc=error, countdown=CLAIM_RETRY, max_retries=None) from error
        if not claimed:
            logger.info("run %s is not for this delivery: it is under way elsewhere, or over", task_id)
            raise Ignore
