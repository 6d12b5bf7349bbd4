"""What the benchmarks' tasks do, the same under every system. Imports nothing but Python's own: peers run it too."""

from __future__ import annotations

import logging
import os
import time

STARTS = "BENCHMARK_STARTS"
"""The variable that names the file of starts."""


def nothing(logger: logging.Logger) -> None:
    """Do nothing but say so."""
    logger.info("nothing to do")


def note_start() -> None:
    """Append the moment at which this line ran to the file of starts, in one write."""
    at = time.time()
    with open(os.environ[STARTS], "a", encoding="ascii") as file:
        file.write(f"{at:.6f}\n")


def keep_busy(seconds: float) -> None:
    """Occupy the process."""
    time.sleep(seconds)
