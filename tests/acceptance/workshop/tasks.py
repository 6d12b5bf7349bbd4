"""Tasks that write down each time they start, in a file that outlives every process."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated

from celery import current_task
from django.conf import settings
from django.db import connection
from pydantic import Field

import runbell
from runbell import Run
from tests.acceptance.workshop.settings import WORKSHOP_QUEUE

Seconds = Annotated[float, Field(ge=0, le=600)]


def _note(run: Run) -> None:
    with Path(settings.RUNBELL_HOME, "starts").open("a") as file:
        file.write(f"{run.id} {run.attempt} {os.getpid()}\n")


@runbell.task(title="Nap", queue=WORKSHOP_QUEUE)
def nap(run: Run, seconds: Seconds = 0.0) -> dict[str, float]:
    """Sleep in short bits."""
    _note(run)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(0.05)
    return {"seconds": seconds}


@runbell.task(title="Safe nap", queue=WORKSHOP_QUEUE, safe_to_repeat=True)
def safe_nap(run: Run, seconds: Seconds = 0.0) -> None:
    """Sleep the first time, and return at once when it is repeated."""
    _note(run)
    if run.attempt == 1:
        time.sleep(seconds)


def _watch(run: Run, seconds: float, *, talks: bool) -> None:
    _note(run)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        Path(settings.RUNBELL_HOME, f"trace-{run.id}-{run.attempt}").touch()
        if talks:
            run.progress(0)
        time.sleep(0.05)


@runbell.task(title="Watch", queue=WORKSHOP_QUEUE)
def watch(run: Run, seconds: Seconds = 0.0, talks: bool = True) -> None:
    """Leave a trace every twentieth of a second, and report progress if it talks."""
    _watch(run, seconds, talks=talks)


@runbell.task(title="Safe watch", queue=WORKSHOP_QUEUE, safe_to_repeat=True)
def safe_watch(run: Run, seconds: Seconds = 0.0, talks: bool = True) -> None:
    """Leave a trace every twentieth of a second, whichever attempt it is, and report progress if it talks."""
    _watch(run, seconds, talks=talks)


@runbell.task(title="Try again", queue=WORKSHOP_QUEUE)
def try_again(run: Run, seconds: Seconds = 0.0) -> None:
    """Ask for another attempt the first time."""
    _note(run)
    if run.attempt == 1:
        raise current_task.retry(countdown=seconds)


@runbell.task(title="Query", queue=WORKSHOP_QUEUE)
def query(run: Run) -> dict[str, int]:
    """Say over which connection the database is asked: PostgreSQL has a process for each."""
    _note(run)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()" if connection.vendor == "postgresql" else "SELECT 0")
        return {"backend": cursor.fetchone()[0], "process": os.getpid()}
