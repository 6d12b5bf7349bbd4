"""Tasks that do nothing but take time and say so."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Annotated

from pydantic import Field

import runbell
from runbell import Outcome, Run, every
from tests.support.witness.testimony import FINISH, START, bear

Seconds = Annotated[float, Field(ge=0, le=60)]
A_SECOND, AN_HOUR = timedelta(seconds=1), timedelta(hours=1)


def _work(run: Run, seconds: float) -> Outcome:
    bear(run.id, run.task_name, run.attempt, START)
    time.sleep(seconds)
    bear(run.id, run.task_name, run.attempt, FINISH)
    return Outcome(processed=1)


@runbell.task(title="Witness", category="Witness")
def witness(run: Run, seconds: Seconds = 0.0) -> Outcome:
    """Take so many seconds; not safe to repeat."""
    return _work(run, seconds)


@runbell.task(title="Witness that may be repeated", category="Witness", safe_to_repeat=True)
def witness_again(run: Run, seconds: Seconds = 0.0) -> Outcome:
    """Take so many seconds; may be started again if its worker dies."""
    return _work(run, seconds)


@runbell.task(
    title="Witness by the clock",
    category="Witness",
    schedule=every(A_SECOND),
    catch_up=AN_HOUR,
    catch_up_mode="each",
)
def witness_clock(run: Run) -> Outcome:
    """Be due every second; not safe to repeat."""
    return _work(run, 0.0)


@runbell.task(
    title="Witness by the clock that may be repeated",
    category="Witness",
    schedule=every(A_SECOND),
    catch_up=AN_HOUR,
    catch_up_mode="each",
    safe_to_repeat=True,
)
def witness_clock_again(run: Run) -> Outcome:
    """Be due every second; may be started again if its worker dies."""
    return _work(run, 0.0)
