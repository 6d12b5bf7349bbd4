"""``python -m benchmarks.issue COUNT``: issue so many runs that do nothing; wait until the broker has them."""

from __future__ import annotations

import sys

import django

BATCH = 500
TASK = "benchmark_nothing"


def main(count: int) -> None:
    """Issue them in batches, as the ticker does what is due."""
    from runbell.conf import get_dispatcher  # noqa: PLC0415 (needs the settings)

    get_dispatcher().ping(budget=30.0)
    for first in range(0, count, BATCH):
        _issue(min(BATCH, count - first))
    _wait_until_known(count)


def _issue(count: int) -> None:
    from django.db import transaction  # noqa: PLC0415 (needs the settings)

    from runbell.actions.submit_all import submit_all  # noqa: PLC0415
    from runbell.actions.trigger import draft_for  # noqa: PLC0415
    from runbell.catalog import catalog  # noqa: PLC0415
    from runbell.domain.actors import command_line_actor  # noqa: PLC0415

    task, actor = catalog.resolve(TASK), command_line_actor("benchmark")
    with transaction.atomic():
        submit_all([draft_for(task, actor, {}, dry_run=False, reason="") for _ in range(count)])


def _wait_until_known(count: int) -> None:
    from runbell.models import Event  # noqa: PLC0415 (needs the settings)
    from tests.support.waiting import wait_until  # noqa: PLC0415

    def known() -> bool:
        return Event.objects.filter(kind="QUEUED", run__task_name=TASK, run__state="QUEUED").count() >= count

    wait_until(known, 30, "the ledger knows that the broker has all of them")


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))
