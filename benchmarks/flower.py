"""Flower, the peer, in an environment of its own."""

from __future__ import annotations

import subprocess
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.live import ROOT, clean_environment
from tests.support.ports import free_port, listens
from tests.support.processes import Process
from tests.support.servers import Redis
from tests.support.waiting import wait_until

FOLDER = Path(__file__).parent / ".venvs" / "flower"
REQUIREMENTS = ["flower==2.2.0", "celery[redis]==5.7.0"]


@contextmanager
def flower(redis: Redis, folder: Path, database: int) -> Iterator[int]:
    """Start Flower on a database of that Redis, and yield its port."""
    python = _installed()
    port = free_port()
    environment = clean_environment() | {
        "CELERY_BROKER_URL": redis.url(database),
        "FLOWER_UNAUTHENTICATED_API": "true",
    }
    command: list[str | Path] = [
        python,
        "-m",
        "celery",
        "-A",
        "benchmarks.flower_app",
        "flower",
        "--address=127.0.0.1",
        f"--port={port}",
    ]
    process = Process("Flower", command, log=folder / "flower.log", environment=environment, folder=ROOT)
    process.start()
    try:
        wait_until(lambda: listens(port), 30, lambda: f"Flower listens\n{process.tail()}")
        yield port
    finally:
        process.kill()


def _installed() -> Path:
    python = FOLDER / "bin" / "python"
    stamp = FOLDER / "requirements"
    if not stamp.exists() or stamp.read_text() != "\n".join(REQUIREMENTS):
        venv.create(FOLDER, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-qq", *REQUIREMENTS], check=True)
        stamp.write_text("\n".join(REQUIREMENTS))
    return python
