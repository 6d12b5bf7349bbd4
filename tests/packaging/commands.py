"""Commands that know nothing of this process's settings."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
_OURS = ("DJANGO", "CELERY", "RUNBELL", "PYTHONPATH")


def environment(**changes: str) -> dict[str, str]:
    """Return this process's environment without its settings, with changes."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_OURS)} | changes


def run(command: list[str | Path], folder: Path = ROOT, **changes: str) -> str:
    """Run a command and return its standard output; changes are variables of its environment."""
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env=environment(**changes), timeout=300
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout
