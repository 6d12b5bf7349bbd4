"""Celery's own ``inspect``, and real workers that answer it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import TracebackType

from benchmarks.peers.environment import python_of
from tests.support.live import ROOT, clean_environment
from tests.support.processes import Process

MODULE = "benchmarks.peers.inspected"


class InspectedWorkers:
    """Workers of a Celery application without Django, forked from one process; they run inside the block.

    Args:
        count: how many.
        broker: its address.
        folder: takes their log.
    """

    def __init__(self, count: int, broker: str, folder: Path) -> None:
        self._count = count
        self._python = python_of("flower")
        self._environment = clean_environment() | {"CELERY_BROKER_URL": broker}
        command = [self._python, "-m", MODULE, "work", str(count)]
        log = folder / f"inspected-{count}.log"
        self._process = Process("inspected workers", command, log=log, environment=self._environment, folder=ROOT)

    def __enter__(self) -> InspectedWorkers:
        """Start them and wait until each takes tasks."""
        self._process.start()
        command = [self._python, "-m", MODULE, "wait", str(self._count)]
        subprocess.run(command, cwd=ROOT, env=self._environment, check=True, timeout=120)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End them."""
        self._process.kill()

    def ask(self) -> tuple[float, int]:
        """Ask them what they do; return the seconds that it took and how many answered."""
        command = [self._python, "-m", MODULE, "ask"]
        done = subprocess.run(command, cwd=ROOT, env=self._environment, check=True, capture_output=True, text=True)
        document = json.loads(done.stdout)
        return float(document["seconds"]), int(document["workers"])
