"""Which worker this process belongs to."""

from __future__ import annotations

import os
import socket
import uuid
from dataclasses import dataclass

from runbell.actions.record import Claimant


@dataclass
class _Identity:
    """Set once in a worker's main process and inherited by the children it forks."""

    instance: str = ""
    name: str = ""
    pid: int = 0


_identity = _Identity()


def become_worker(name: str) -> str:
    """Make this process a worker's main process; return the id of this start of it."""
    _identity.instance = uuid.uuid4().hex
    _identity.name = name
    _identity.pid = os.getpid()
    return _identity.instance


def claimant() -> Claimant:
    """Return who claims runs in this process."""
    return Claimant(_identity.name or f"process@{socket.gethostname()}", _identity.instance, os.getpid())


def main_process() -> int:
    """Return the process id of the worker's main process; 0 outside a worker."""
    return _identity.pid


def worker_name() -> str:
    """Return the worker's node name, e.g. ``"celery@host"``; "" outside a worker."""
    return _identity.name
