"""What can be declared about a task."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from runbell.domain.catch_up import CatchUp
from runbell.domain.outcome import Backlog
from runbell.domain.params import params_schema
from runbell.domain.schedules import Schedule


class Overlap(StrEnum):
    """What happens when a task is asked for while a run of it waits or runs."""

    ALLOW = "allow"
    SKIP = "skip"
    """A second one is refused: 409 for a person, a ``SKIPPED`` row for a schedule."""
    QUEUE = "queue"
    """It waits in line until those before it have ended, one after the other."""
    CANCEL_RUNNING = "cancel_running"
    """What waits or runs is cancelled, and the newest runs once that has ended."""


LINES_UP = frozenset({Overlap.QUEUE, Overlap.CANCEL_RUNNING})
"""Where a second run waits in the ledger for the place of the first."""


class Source(StrEnum):
    """How a task came into the catalogue."""

    DECLARED = "declared"
    CELERY = "celery"
    """A plain Celery task, catalogued with what is known of it."""


@dataclass(frozen=True)
class ScheduleDefinition:
    """One schedule of a task.

    Args:
        name: unique over all schedules; the task's name for its declared schedule, ``"beat:<entry>"`` for an entry of
            ``CELERY_BEAT_SCHEDULE``.
        schedule: when it falls due.
        params: what the task is run with.
        fires: whether Runbell's ticker fires it; False where ``celery beat`` does.
    """

    name: str
    schedule: Schedule
    params: dict[str, Any] = field(default_factory=dict)
    fires: bool = True


BacklogProbe = Callable[[], Backlog | int]


@dataclass(frozen=True)
class TaskDefinition:
    """Everything that is known of a task before it ever runs.

    Args:
        name: the one immutable name.
        celery_name: the full Celery path.
        queue: the queue its messages go to.
        expires: how long a run may wait to be started; None for ever.
        catch_up: how old an occurrence may be and still be run.
        catch_up_mode: whether one run stands for several such occurrences, or each gets its own.
        overlap: what happens to a second run while a first one waits or runs.
        rehearsal: whether there is a dry run.
        backlog: counts the work that waits; called by the ticker, never by a request.
        safe_to_repeat: whether a run whose worker died may simply be started again.
        permission: a Django permission that a trigger of this task needs beside the general one, or "".
        params_model: the typed parameters, or None where they are not known.
    """

    name: str
    celery_name: str
    title: str
    category: str = "Tasks"
    description: str = ""
    queue: str = "celery"
    schedules: tuple[ScheduleDefinition, ...] = ()
    expires: timedelta | None = None
    catch_up: timedelta = timedelta(0)
    catch_up_mode: CatchUp = CatchUp.ONCE
    overlap: Overlap = Overlap.ALLOW
    rehearsal: bool = False
    backlog: BacklogProbe | None = None
    safe_to_repeat: bool = False
    permission: str = ""
    params_model: type[BaseModel] | None = None
    source: Source = Source.DECLARED

    @property
    def hyphenated_name(self) -> str:
        """The name as addresses and schedules spell it, e.g. ``"send-report"``."""
        return self.name.replace("_", "-")

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the parameters."""
        return params_schema(self.params_model)
