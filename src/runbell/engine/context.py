"""What a task is given when it runs."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from runbell.actions.record import Claim
from runbell.domain.outcome import MAX_COUNT


class Progress(Protocol):
    """Where a run's progress goes."""

    cancel_requested: bool
    stale: bool

    def progress(self, done: int, total: int | None, message: str) -> None:
        """Keep how far the run is."""
        ...


class StaleAttempt(Exception):
    """The attempt no longer counts: its worker was believed dead, and the run is lost or goes on elsewhere."""


class Run:
    """The run that a task works for: who asked for it and why, and how to say how far it is."""

    def __init__(self, claim: Claim, recorder: Progress) -> None:
        self._claim = claim
        self._recorder = recorder

    @property
    def id(self) -> str:
        """The run's id, which is the Celery task id."""
        return self._claim.run_id

    @property
    def task_name(self) -> str:
        """The task's name."""
        return self._claim.task_name

    @property
    def attempt(self) -> int:
        """Which start of the run this is, from 1."""
        return self._claim.attempt

    @property
    def dry_run(self) -> bool:
        """Whether everything will be rolled back. A task does not need to ask: it is for messages."""
        return self._claim.dry_run

    @property
    def actor(self) -> str:
        """Who asked for it, e.g. ``"user:quality"`` or ``"system:ticker"``."""
        return self._claim.actor

    @property
    def actor_name(self) -> str:
        """Who asked for it, for people."""
        return self._claim.actor_name

    @property
    def actor_email(self) -> str:
        """The address of who asked for it, or ""."""
        return self._claim.actor_email

    @property
    def reason(self) -> str:
        """Why it was asked for, or ""."""
        return self._claim.reason

    @property
    def due_at(self) -> datetime | None:
        """The moment at which its schedule was due, aware; None for a run that somebody asked for."""
        return self._claim.due_at

    @property
    def cancel_requested(self) -> bool:
        """Whether the run should stop: somebody asked for that, or this attempt no longer counts.

        Known after a call of ``progress``.
        """
        return self._recorder.cancel_requested or self._recorder.stale

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Say how far the run is. Costs nothing when called often: it is written at most twice a second.

        Args:
            done: items handled so far, 0 or more.
            total: items there are, or None if that is not known.
            message: one short sentence for people.

        Raises:
            ValueError: if a number is negative or larger than a database keeps.
            StaleAttempt: if this attempt no longer counts, because its worker was believed dead for a while.
        """
        if not (0 <= done <= MAX_COUNT and 0 <= (total or 0) <= MAX_COUNT):
            raise ValueError(f"progress must be from 0 to 2**63 - 1: done={done}, total={total}")
        self._recorder.progress(done, total, message)
        if self._recorder.stale:
            raise StaleAttempt(f"attempt {self.attempt} of run {self.id} no longer counts")
