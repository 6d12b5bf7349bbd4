"""The tasks of the benchmarks, and as many others, with those of the reference project, as ``BENCHMARK_TASKS`` says."""

import logging
import os
from datetime import timedelta

import runbell
from benchmarks import bodies
from benchmarks.work import ANEW
from runbell import Backlog, Outcome, Run, cron
from runbell.api import remembered

OTHERS = 13
logger = logging.getLogger(__name__)


@runbell.task(title="Nothing")
def benchmark_nothing(_run: Run) -> None:
    """Do nothing, and say so."""
    bodies.nothing(logger)


@runbell.task(title="Note the start")
def benchmark_note_start(_run: Run) -> None:
    """Write down when the first line ran."""
    bodies.note_start()


@runbell.task(title="Keep busy")
def benchmark_keep_busy(_run: Run, seconds: float) -> None:
    """Occupy a process."""
    bodies.keep_busy(seconds)


def declare(number: int) -> None:
    """Declare one task with a schedule and a backlog probe."""

    @runbell.task(
        name=task_name(number),
        celery_name=f"benchmarks.work.tasks.{task_name(number)}",
        title=f"Benchmark task {number}",
        category=f"Category {number % 10}",
        schedule=cron(f"{number % 60} * * * *"),
        expires=timedelta(hours=1),
        queue="scheduler",
        backlog=lambda: Backlog(count=number),
    )
    def work(_run: Run, days: int = 7) -> Outcome:
        """Do nothing."""
        return Outcome(processed=days)


def task_name(number: int) -> str:
    """Return the name of one of the tasks."""
    return f"benchmark_task_{number:03}"


def numbers() -> range:
    """Return the numbers of the tasks."""
    return range(max(0, int(os.environ.get("BENCHMARK_TASKS", "0")) - OTHERS))


if ANEW in os.environ:
    remembered.MAX_AGE = 0.0
for number in numbers():
    declare(number)
