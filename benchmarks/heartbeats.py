"""``python -m benchmarks.heartbeats COUNT``: let so many workers say that they live; print how many are listed."""

from __future__ import annotations

import sys
import uuid
from datetime import UTC, datetime

import django


def main(count: int) -> int:
    """Write each heartbeat as a worker's own thread does."""
    from runbell.actions.heartbeat import Pulse, Registration, beat  # noqa: PLC0415 (needs the settings)
    from runbell.catalog import catalog  # noqa: PLC0415
    from runbell.queries.workers import live_workers  # noqa: PLC0415

    tasks = sorted(task.celery_name for task in catalog)
    for number in range(count):
        registration = Registration(
            instance=uuid.UUID(int=number).hex,
            name=f"celery@host-{number:03}",
            pid=1000 + number,
            pool="prefork",
            slots=4,
            queues=["celery", "scheduler"],
            tasks=tasks,
            versions={"python": "3.11", "django": "5.2", "celery": "5.7", "runbell": "0.1"},
            started_at=datetime.now(UTC),
        )
        beat(registration, Pulse(["celery", "scheduler"], [str(uuid.UUID(int=number))], []))
    return len(live_workers())


if __name__ == "__main__":
    django.setup()
    print(main(int(sys.argv[1])))
