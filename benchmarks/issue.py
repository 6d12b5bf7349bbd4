"""``python -m benchmarks.issue COUNT``: trigger so many runs that do nothing; wait until the broker has them."""

from __future__ import annotations

import logging
import sys
from concurrent.futures import ThreadPoolExecutor

import django

THREADS = 8
TASK = "benchmark_nothing"


def main(count: int) -> None:
    """Trigger them as the command line does, several at once. A broker that is slow to say so has them all the same."""
    from runbell.actions.trigger import trigger  # noqa: PLC0415 (needs the settings)
    from runbell.conf import get_dispatcher  # noqa: PLC0415
    from runbell.domain.actors import command_line_actor  # noqa: PLC0415

    get_dispatcher().ping(budget=30.0)
    logging.disable(logging.WARNING)
    actor = command_line_actor("benchmark")
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda _: trigger(TASK, actor=actor), range(count)))
    _wait_until_known(count)


def _wait_until_known(count: int) -> None:
    from runbell.models import Event  # noqa: PLC0415 (needs the settings)
    from tests.support.waiting import wait_until  # noqa: PLC0415

    def known() -> bool:
        return Event.objects.filter(kind="QUEUED", run__task_name=TASK, run__state="QUEUED").count() >= count

    wait_until(known, 30, "the ledger knows that the broker has all of them")


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))
