"""Wire types of pauses."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AwareDatetime, BeforeValidator, Field

from runbell.api.schemas.common import Given, Wire
from runbell.domain.pauses import Missed


def _text(value: Any) -> Any:
    """Refuse what pydantic would read as seconds since 1970: a number, and text that is one."""
    if value is not None and (not isinstance(value, str) or "-" not in value[1:]):
        raise ValueError("must be text: an ISO 8601 time with its offset")
    return value


Until = Annotated[AwareDatetime | None, Field(strict=False), BeforeValidator(_text)]


class PauseOut(Wire):
    """One pause."""

    scope: str = Field(description="task, category or all.")
    target: str = Field(description="The task's name or the category; empty for all tasks.")
    reason: str = Field(description="Why, in the words of who paused.")
    actor: str = Field(description="Who did, e.g. `user:quality`.")
    actor_name: str = Field(description="The same for people.")
    since: datetime = Field(description="When it began.")
    until: datetime | None = Field(description="When it ends by itself; null if somebody must end it.")


class PauseList(Wire):
    """What is paused now."""

    items: list[PauseOut] = Field(description="The pauses, the latest first.")


class PauseIn(Given):
    """Why something is paused, and until when."""

    reason: str = Field(description="Why; required. At most 2000 characters.")
    until: Until = Field(default=None, description="When it ends by itself: a time in the future, with its offset.")


class PauseManyIn(PauseIn):
    """Why many tasks are paused, and until when."""

    category: str | None = Field(default=None, max_length=255, description="The category; without it, all tasks.")


class PausedOut(PauseOut):
    """What a pause did."""

    success: bool = Field(description="Always true.")
    tasks: list[str] = Field(description="Names of the tasks whose schedules do not fire now because of it.")
    message: str = Field(description="The same for people.")


class ResumeQuery(Schema):
    """What becomes of what fell due meanwhile."""

    missed: Missed = Field(
        default=Missed.SKIP,
        description="skip: a SKIPPED row for each, with the pause's reason. catch_up: what is inside the task's "
        "catch-up window is caught up, the rest skipped.",
    )


class ResumeManyQuery(ResumeQuery):
    """Which pause of many tasks to end."""

    category: str | None = Field(default=None, description="The category; without it, the pause of all tasks.")


class ResumedOut(Wire):
    """What a resumption did."""

    success: bool = Field(description="Always true.")
    scope: str = Field(description="task, category or all.")
    target: str = Field(description="The task's name or the category; empty for all tasks.")
    since: datetime = Field(description="When the pause began.")
    ended_at: datetime = Field(description="When it ended.")
    missed: str = Field(description="skip or catch_up; the ticker acts on it within a tick.")
    message: str = Field(description="The same for people.")
