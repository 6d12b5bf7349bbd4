"""Tasks that fall due every second."""

from datetime import timedelta

import runbell
from runbell import Run, every

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@runbell.task(title="One for all", schedule=every(SECOND), catch_up=HOUR)
def one_for_all(run: Run) -> None:
    """Catch up once."""


@runbell.task(title="One each", schedule=every(SECOND), catch_up=HOUR, catch_up_mode="each")
def one_each(run: Run) -> None:
    """Catch up each."""


@runbell.task(title="One at a time", schedule=every(SECOND), catch_up=HOUR, overlap="skip")
def one_at_a_time(run: Run) -> None:
    """Skip what overlaps."""
