"""What the tasks of the witness wrote down about themselves, past the ledger."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FILE = "WITNESS_FILE"
"""The environment variable that names the file."""
START, FINISH = "start", "finish"


@dataclass(frozen=True)
class Word:
    """One line: that an attempt of a run started or finished, in which process, and when (Unix time)."""

    run_id: str
    task: str
    attempt: int
    pid: int
    what: str
    at: float


def bear(run_id: str, task: str, attempt: int, what: str) -> None:
    """Add a line in one write, which no death of the process can cut and no other process can mix with its own."""
    line = json.dumps(vars(Word(run_id, task, attempt, os.getpid(), what, time.time())))
    handle = os.open(os.environ[FILE], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, f"{line}\n".encode())
    finally:
        os.close(handle)


def words(path: Path) -> Iterator[Word]:
    """Return all that was written, in order; nothing if nobody wrote yet."""
    for line in path.read_text().splitlines() if path.exists() else ():
        yield Word(**json.loads(line))
