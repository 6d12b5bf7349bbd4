"""Tasks that fail, that go on until somebody stops them, that are particular about their parameters."""

from __future__ import annotations

import logging
import threading
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

import runbell
from runbell import Outcome, Run, every

CATEGORY = "Stories"
STEPS = 300
STEP = 0.1

logger = logging.getLogger("edms.stories")


class Unbalanced(Exception):
    """The books do not agree."""


def _known(site: str) -> str:
    if site not in {"Berlin", "Madrid"}:
        raise ValueError(f"there is no site {site}")
    return site


@runbell.task(title="Closing of the books", category=CATEGORY, queue="scheduler")
def close_books(run: Run) -> Outcome:
    """Close the month; it never can."""
    logger.warning("The month of %s is not balanced", "October")
    raise Unbalanced("three entries of October have no counterpart")


@runbell.task(title="Export of the archive", category=CATEGORY, queue="scheduler")
def export_archive(run: Run) -> Outcome:
    """Export file after file, for half a minute unless somebody stops it."""
    pause = threading.Event()
    for number in range(STEPS):
        run.progress(number, STEPS, f"file {number}")
        pause.wait(STEP)
    return Outcome(processed=STEPS)


@runbell.task(title="Import of a batch", category=CATEGORY, queue="scheduler", rehearsal="rollback")
def import_batch(
    run: Run,
    *,
    site: Annotated[str, AfterValidator(_known), Field(description="Berlin or Madrid")],
    count: Annotated[int, Field(ge=1, le=100)] = 10,
    mode: Literal["check", "import"] = "check",
    day: date | None = None,
    labels: list[str] = [],  # noqa: B006 (pydantic copies it)
) -> Outcome:
    """Import nothing, of so many items."""
    return Outcome(processed=count, message=f"{count} items of {site}", evidence={"mode": mode, "labels": labels})


HOUR = timedelta(hours=1)


@runbell.task(title="Hourly count", category=CATEGORY, queue="scheduler", schedule=every(HOUR), catch_up=2 * HOUR)
def count_hourly(run: Run) -> Outcome:
    """Count."""
    return Outcome(processed=1, message="counted")
