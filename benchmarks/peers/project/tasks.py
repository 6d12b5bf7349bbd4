"""The same tasks as in ``benchmarks.work``, declared as Celery would have it."""

import logging

from celery import shared_task

from benchmarks import bodies

logger = logging.getLogger(__name__)


@shared_task
def benchmark_nothing() -> None:
    """Do nothing, and say so."""
    bodies.nothing(logger)


@shared_task
def benchmark_note_start() -> None:
    """Write down when the first line ran."""
    bodies.note_start()


@shared_task
def benchmark_keep_busy(seconds: float) -> None:
    """Occupy a process."""
    bodies.keep_busy(seconds)
