"""Pauses: which tasks are held back and since when, and what that does to the moments at which they were due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from runbell.domain.catch_up import Due

LEEWAY = timedelta(seconds=60)
"""How long before a pause began a moment may lie and still fall into it: nobody had fired it when the pause came."""


class Scope(StrEnum):
    """What a pause holds back."""

    TASK = "task"
    CATEGORY = "category"
    ALL = "all"


class Missed(StrEnum):
    """What becomes of the moments that fell due during a pause. It is chosen when the pause ends."""

    SKIP = "skip"
    """Each is a ``SKIPPED`` row with the pause's reason."""
    CATCH_UP = "catch_up"
    """Those inside the task's catch-up window are caught up; older ones are ``SKIPPED`` with the reason."""


@dataclass(frozen=True)
class Target:
    """What a pause is about.

    Args:
        scope: one task, the tasks of a category, or all.
        name: the task's name or the category; "" for all.
    """

    scope: Scope
    name: str = ""

    def covers(self, task_name: str, category: str) -> bool:
        """Return whether the pause holds that task back."""
        return {Scope.TASK: self.name == task_name, Scope.CATEGORY: self.name == category}.get(self.scope, True)

    def in_words(self) -> str:
        """Return it for people, e.g. ``"category Billing"``."""
        return {Scope.TASK: self.name, Scope.CATEGORY: f"category {self.name}"}.get(self.scope, "all tasks")


EVERYTHING = Target(Scope.ALL)


@dataclass(frozen=True)
class Span:
    """One pause as far as a moment may lie in it.

    Args:
        target: what it holds back.
        reason: why, as the person said who paused.
        since, end: from when to when, the end not included; None while nobody knows.
        missed: what was chosen when it ended.
    """

    target: Target
    reason: str
    since: datetime
    end: datetime | None
    missed: Missed = Missed.SKIP

    def holds(self, moment: datetime) -> bool:
        """Return whether a moment fell due during the pause."""
        return self.since - LEEWAY <= moment and (self.end is None or moment < self.end)

    def is_over(self, now: datetime) -> bool:
        """Return whether it has ended."""
        return self.end is not None and self.end <= now

    def in_words(self) -> str:
        """Return it as the explanation of a row."""
        end = f"{self.end.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if self.end else "now"
        return f"paused from {self.since.astimezone(UTC):%Y-%m-%d %H:%M} to {end}: {self.reason}"


def sort_out(due: Due, spans: Sequence[Span]) -> tuple[Due, dict[datetime, Span]]:
    """Return what is left of a verdict on a schedule's moments, and the moments that pauses took, each with its pause.

    A moment in a pause that ended with ``Missed.SKIP`` is taken. Of one that is to be caught up only those are taken
    that are too old for it. The newest moment that is left is the one to run for.
    """
    skipping = [span for span in spans if span.missed is Missed.SKIP]
    young = (*due.superseded, *due.fire)
    taken = _taken(due.missed, spans) | _taken(young, skipping)
    superseded = [moment for moment in due.superseded if moment not in taken]
    fire = [moment for moment in due.fire if moment not in taken]
    if superseded and not fire:
        fire = [superseded.pop()]
    missed = tuple(moment for moment in due.missed if moment not in taken)
    left = replace(due, fire=tuple(fire), superseded=tuple(superseded), missed=missed)
    return left, dict(sorted(taken.items()))


def _taken(moments: Iterable[datetime], spans: Sequence[Span]) -> dict[datetime, Span]:
    found = ((moment, next((span for span in spans if span.holds(moment)), None)) for moment in moments)
    return {moment: span for moment, span in found if span is not None}
