"""Wire types of the picture of the last and the next 24 hours."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from runbell.api.schemas.common import Wire


class BarOut(Wire):
    """One run in the picture."""

    id: str = Field(description="The run's id.")
    state: str = Field(description="Its state.")
    at: datetime = Field(description="When it started, else when it was due, else when it was asked for.")
    seconds: float | None = Field(description="How long it ran or has been running; null if it never started.")
    dry_run: bool = Field(description="Whether it is a rehearsal.")


class LaneOut(Wire):
    """One task in the picture."""

    name: str = Field(description="The task's name.")
    title: str = Field(description="Its title for people.")
    category: str = Field(description="What it is listed under.")
    runs: list[BarOut] = Field(description="Its runs of the last 24 hours, and older ones that are not finished.")
    complete_since: datetime | None = Field(
        description="All runs since then are listed, of older ones only those that went wrong; null if it is all."
    )
    planned: list[datetime] = Field(description="When it is due in the next 24 hours.")
    planned_all: bool = Field(description="Whether that is every moment; false where there are too many to draw.")
    usual_seconds: float | None = Field(description="Median of its latest successful runs; null if there are none.")


class TimelineOut(Wire):
    """The picture: 24 hours before and after `at`."""

    at: datetime = Field(description="When it was made.")
    lanes: list[LaneOut] = Field(description="The tasks by category and name.")
