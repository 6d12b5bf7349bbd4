"""The spellings of a task's name."""

from __future__ import annotations

import re

_NAME = re.compile(r"[a-z][a-z0-9_]{0,119}\Z")


def is_valid_name(name: str) -> bool:
    """Return whether ``name`` may be a declared task's immutable name: lower snake case, 120 characters at most."""
    return _NAME.match(name) is not None


def normalise(spelling: str) -> str:
    """Return the underscored form of a spelling: ``"Send-Report "`` and ``"send_report"`` are one name."""
    return spelling.strip().replace("-", "_").lower()


def short_name(celery_name: str) -> str:
    """Return the last part of a Celery path: ``"app.tasks.add"`` gives ``"add"``."""
    return celery_name.rpartition(".")[2]
