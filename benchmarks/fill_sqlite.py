"""``python -m benchmarks.fill_sqlite RUNS``: the same history as ``benchmarks.fill``, on SQLite."""

from __future__ import annotations

import random
import sys
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from runbell.domain.tasks import TaskDefinition
    from runbell.models import Run

CHUNK = 5_000
DAYS = 30
STATES = ("SUCCESS", "PARTIAL", "FAILURE", "REVOKED", "EXPIRED")
WEIGHTS = (90, 4, 3, 1, 2)


def main(count: int) -> None:
    """Write that many runs, oldest first."""
    from django.db import connection  # noqa: PLC0415 (needs the settings)
    from django.utils import timezone  # noqa: PLC0415

    from runbell.models import Run  # noqa: PLC0415

    runs = _runs(count, timezone.now())
    while chunk := [run for run, _ in zip(runs, range(CHUNK), strict=False)]:
        Run.objects.bulk_create(chunk)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _runs(count: int, now: datetime) -> Iterator[Run]:
    from runbell.catalog import catalog  # noqa: PLC0415

    tasks = list(catalog)
    dice = random.Random(1)
    for number in range(count):
        yield _run(dice, dice.choice(tasks), now - timedelta(days=DAYS) * (1 - number / count))


def _run(dice: random.Random, task: TaskDefinition, at: datetime) -> Run:
    from runbell.models import Run  # noqa: PLC0415

    started = at + timedelta(milliseconds=dice.randint(5, 500))
    return Run(
        task_id=str(uuid.UUID(int=dice.getrandbits(128), version=4)),
        task_name=task.name,
        celery_name=task.celery_name,
        queue=task.queue,
        state=dice.choices(STATES, WEIGHTS)[0],
        trigger=dice.choice(("manual", "schedule")),
        actor="system:ticker",
        actor_name="Scheduler",
        requested_at=at,
        started_at=started,
        finished_at=started + timedelta(milliseconds=dice.randint(5, 30_000)),
        attempt=1,
        worker="celery@benchmark",
        processed=dice.randint(0, 50),
        failed=0,
    )


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))
