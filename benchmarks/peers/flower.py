"""Flower, on a database of the same Redis."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.environment import python_of
from tests.support.live import ROOT, clean_environment
from tests.support.ports import free_port, listens
from tests.support.processes import Process
from tests.support.waiting import wait_until

DATABASE = 15
APP = "benchmarks.peers.flower_app"


@dataclass(frozen=True)
class Flower:
    """A running Flower: its port, its process, and what runs programs beside it."""

    port: int
    pid: int
    python: str
    environment: dict[str, str]


@contextmanager
def flower(broker: str, folder: Path) -> Iterator[Flower]:
    """Start Flower on that broker, with what it has by default, and end it afterwards."""
    python, port = python_of("flower"), free_port()
    environment = clean_environment() | {"CELERY_BROKER_URL": broker, "FLOWER_UNAUTHENTICATED_API": "true"}
    command = [python, "-m", "celery", "-A", APP, "flower", "--address=127.0.0.1", f"--port={port}"]
    process = Process("Flower", command, log=folder / "flower.log", environment=environment, folder=ROOT)
    process.start()
    try:
        wait_until(lambda: listens(port), 30, lambda: f"Flower listens\n{process.tail()}")
        yield Flower(port, process.pid, python, environment)
    finally:
        process.kill()
