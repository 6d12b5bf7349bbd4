"""What a rule finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Severity(IntEnum):
    """How bad it is; the worst one is the verdict."""

    HEALTHY = 0
    WARNING = 1
    """Somebody should look at it."""
    CRITICAL = 2
    """Work is not being done."""

    @property
    def word(self) -> str:
        """The name as programs read it."""
        return self.name.lower()


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Args:
        rule: which rule found it.
        severity: how bad it is.
        sentence: what is wrong.
        evidence: what shows it.
        mend: what to do about it.
        tasks: names of the tasks that it keeps from their work.
    """

    rule: str
    severity: Severity
    sentence: str
    evidence: str
    mend: str
    tasks: tuple[str, ...]


def utc(moment: datetime) -> str:
    """Return a moment for people."""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def duration(seconds: float) -> str:
    """Return a duration for people, in its largest sensible unit."""
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size:.0f} {unit}"
    return f"{seconds:.0f} seconds"
