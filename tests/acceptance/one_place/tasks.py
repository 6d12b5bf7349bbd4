"""Tasks that take time."""

from __future__ import annotations

import os
import time
from pathlib import Path

import runbell
from runbell import Run


@runbell.task(title="One by one", overlap="queue", queue="scheduler")
def one_by_one(run: Run, seconds: float = 0.2) -> None:
    """Take so many seconds."""
    time.sleep(seconds)


@runbell.task(title="Latest wins", overlap="cancel_running", queue="scheduler")
def latest_wins(run: Run, seconds: float = 0.2) -> None:
    """Say so, and take so many seconds."""
    run.progress(0, 1)
    time.sleep(seconds)


@runbell.task(title="Tidies up", queue="scheduler")
def tidies_up(run: Run, seconds: float = 120) -> None:
    """Take so many seconds, and some more to tidy up whatever happens."""
    try:
        time.sleep(seconds)
    finally:
        time.sleep(2.5)
        Path(os.environ["RUNBELL_HOME"], "tidied").touch()
