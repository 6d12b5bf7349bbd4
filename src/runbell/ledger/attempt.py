"""What is told of an attempt: who takes which run, what the ledger says of it, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from runbell.domain.states import Fact


@dataclass(frozen=True)
class Claimant:
    """The worker process that wants to run something."""

    worker: str
    instance: str
    pid: int

    @property
    def process(self) -> str:
        """How the event of a start names the process."""
        return f"pid {self.pid}"


@dataclass(frozen=True)
class Claim:
    """The right to run one attempt of one run, with what the ledger says of it."""

    pk: int
    run_id: str
    task_name: str
    attempt: int
    params: dict[str, Any]
    dry_run: bool
    actor: str
    actor_name: str
    actor_email: str
    reason: str
    due_at: datetime | None
    started_at: datetime
    trigger: str = ""
    worker: str = ""


@dataclass(frozen=True)
class Stray:
    """A Celery task that the application sent past Runbell."""

    run_id: str
    task_name: str
    celery_name: str
    queue: str
    params: dict[str, Any]
    sender: str


@dataclass(frozen=True)
class Ending:
    """How an attempt ended."""

    fact: Fact
    at: datetime
    detail: str = ""
    processed: int | None = None
    failed: int | None = None
    result: Any = None
    error: str = ""
    traceback: str = ""
    rehearsal: dict[str, Any] | None = None
    next_at: datetime | None = None
    """When the next attempt is due, if one follows."""


@dataclass(frozen=True)
class TakeOver:
    """On which terms a run is taken over from a worker that died.

    Args:
        presumed_dead: how long a worker must have been silent.
        attempts: how many attempts there may be with this one; 1 if its task is not safe to repeat.
    """

    presumed_dead: timedelta
    attempts: int


class Word(NamedTuple):
    """What the ledger says to an attempt that reports: whether it still counts, and is asked to stop."""

    counts: bool
    cancel_requested: bool


@dataclass(frozen=True)
class Log:
    """Log lines of an attempt that are not written yet, and how many of all were left out."""

    lines: tuple[dict[str, Any], ...] = ()
    cut: int = 0


NO_LOG = Log()
