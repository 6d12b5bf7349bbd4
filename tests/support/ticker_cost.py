"""What the ticker of an idle worker costs: ``python -m tests.support.ticker_cost servers 60``.

Two real workers on the same stack, one with its ticker and one without; the processor time of their main processes is
compared over so many seconds.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from tests.support.live import LiveSystem
from tests.support.stacks import Stack, make_stack

SETTLE = 15.0
"""Seconds after which a worker has done what it does once."""
WITHOUT = """
from edms.settings import *
from edms.settings import RUNBELL
RUNBELL = {**RUNBELL, "TICKER": False}
"""


def start(stack: Stack, name: str, folder: Path, variables: dict[str, str]) -> LiveSystem:
    """Return a system of its own whose worker is ready."""
    system = LiveSystem(folder, stack.environment(folder, name) | variables)
    system.manage("migrate", "--verbosity", "0")
    system.worker.start()
    system.wait_for_worker()
    return system


def processor_seconds(pid: int) -> float:
    """Return how much processor time a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(stack: Stack, folder: Path, seconds: float) -> tuple[float, float]:
    """Return which share of a core each worker used, the one with its ticker first."""
    (folder / "without.py").write_text(WITHOUT)
    off = {"DJANGO_SETTINGS_MODULE": "without", "PYTHONPATH": str(folder)}
    systems = [start(stack, "cost_with", folder, {}), start(stack, "cost_without", folder, off)]
    try:
        time.sleep(SETTLE)
        before = [processor_seconds(system.worker.pid) for system in systems]
        time.sleep(seconds)
        with_it, without = (
            (processor_seconds(system.worker.pid) - earlier) / seconds
            for system, earlier in zip(systems, before, strict=True)
        )
    finally:
        for system in systems:
            system.stop()
    return with_it, without


def main(name: str, seconds: float) -> None:
    """Measure and print."""
    stack = make_stack(name)
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            with_it, without = measure(stack, Path(folder), seconds)
    finally:
        stack.remove()
    print(f"{name}: with {with_it:.2%}, without {without:.2%}, the ticker {with_it - without:.2%} of a core")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
