"""What a task says of what it did, and of what still waits for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from runbell.domain.states import Fact

MAX_COUNT = 2**63 - 1
"""The largest number that a database keeps."""


@dataclass(frozen=True)
class Outcome:
    """What one run did.

    Args:
        processed: items that were handled well (0 or more).
        failed: items that could not be handled (0 or more); any makes the run ``PARTIAL``.
        message: one sentence for people.
        evidence: anything else worth keeping, JSON-serialisable; shown on the run and bounded in size.

    Raises:
        ValueError: if a count is negative or larger than a database keeps.
    """

    processed: int = 0
    failed: int = 0
    message: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not (0 <= self.processed <= MAX_COUNT and 0 <= self.failed <= MAX_COUNT):
            raise ValueError(f"counts must be from 0 to 2**63 - 1: processed={self.processed}, failed={self.failed}")

    @property
    def fact(self) -> Fact:
        """``PARTIAL`` if any item failed, else ``SUCCESS``."""
        return Fact.PARTIAL if self.failed else Fact.SUCCESS

    def as_dict(self) -> dict[str, Any]:
        """Return the outcome as the plain dictionary that is also the Celery result."""
        return {
            "processed": self.processed,
            "failed": self.failed,
            "message": self.message,
            "evidence": self.evidence,
        }


@dataclass(frozen=True)
class Backlog:
    """Work that still waits for a task, measured in the application's own data.

    Args:
        count: items waiting (0 or more).
        oldest: since when the oldest one waits, an aware time; None if nothing waits or it is not known.
    """

    count: int
    oldest: datetime | None = None
