"""``python -m benchmarks.ticking ROUNDS COUNT...``: measure ticks with so many schedules, none due and all due.

They are those of a worker's ticker, which looks first whether there is anything to do.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import django

IDLE_TICKS = 20
TASK = "benchmark_nothing"
MOST_TICKS = 1000
"""A tick fires a bounded number; how many are waited for until all were fired."""


def main(rounds: int, counts: list[int]) -> dict[int, list[tuple[float, float, float]]]:
    """Return by number of schedules, for each round: seconds of an idle tick, of firing all, of the longest tick."""
    from runbell.actions.tick import Ticker  # noqa: PLC0415 (needs the settings)

    ticker = Ticker()
    ticker.tick()  # brings in the declared schedules, once; those that are measured come afterwards
    return {count: [_round(ticker.tick, count) for _ in range(rounds)] for count in counts}


def _round(tick: Callable[[], object], count: int) -> tuple[float, float, float]:
    from runbell.models import Schedule  # noqa: PLC0415 (needs the settings)

    _finish_all()
    _schedule(count, datetime.now(UTC) + timedelta(days=1))
    _seconds(tick)
    idle = statistics.median(_seconds(tick) for _ in range(IDLE_TICKS))
    _schedule(count, datetime.now(UTC) - timedelta(seconds=1))
    ticks: list[float] = []
    while Schedule.objects.filter(next_due_at__lte=datetime.now(UTC)).exists() and len(ticks) < MOST_TICKS:
        ticks.append(_seconds(tick))
    return idle, sum(ticks), max(ticks)


def _finish_all() -> None:
    """Let the runs of the round before be over and sealed, and vacuum as PostgreSQL does by itself in time."""
    from django.db import connection  # noqa: PLC0415 (needs the settings)

    from runbell.actions.seal_audit import seal_audit  # noqa: PLC0415
    from runbell.models import Run  # noqa: PLC0415

    while seal_audit():
        pass
    waiting = Run.objects.filter(finished_at__isnull=True)
    waiting.update(state="SUCCESS", finished_at=datetime.now(UTC), publish_after=None, overlap_key=None)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _schedule(count: int, at: datetime) -> None:
    """Have so many schedules, all due at that moment."""
    from runbell.models import Schedule  # noqa: PLC0415 (needs the settings)

    Schedule.objects.all().delete()
    Schedule.objects.bulk_create(
        Schedule(
            name=f"schedule-{number}",
            task_name=TASK,
            kind="cron",
            expression="0 3 * * *",
            time_zone="UTC",
            next_due_at=at,
        )
        for number in range(count)
    )


def _seconds(tick: Callable[[], object]) -> float:
    began = time.perf_counter()
    tick()
    return time.perf_counter() - began


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main(int(sys.argv[1]), [int(count) for count in sys.argv[2:]])))
