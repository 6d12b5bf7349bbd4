"""Give the place of a task to the run that waits for it, once the one before it has ended, whichever way it ended.

The ticker does it, by what the ledger says alone, so that no process need live for it. Those who know that a place may
have become free hasten it.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from runbell.actions.messages import message_of
from runbell.actions.stop import stop
from runbell.catalog import catalog
from runbell.conf import get_dispatcher, settings
from runbell.domain.actors import Actor
from runbell.domain.errors import BrokerUnavailable, NotPossible
from runbell.domain.tasks import LINES_UP, Overlap
from runbell.ledger import places
from runbell.ledger.rows import Run

logger = logging.getLogger(__name__)

MAX_LINES = 500
"""How many tasks' lines one tick looks at."""
MAX_CONTENDERS = 200
"""How many runs one call cancels for the newest one's sake; the rest follow in the next."""


def release() -> int:
    """Release whoever's turn has come, in all lines; return how many runs that were."""
    ready = [name for name, free in places.lines(MAX_LINES).items() if free or _cancels(name)]
    return sum(_release(name) for name in ready)


def hasten(task_name: str) -> list[str]:
    """Release whoever's turn has come in a task's line, after the commit; if anything fails, the ticker does it.

    The task is given by its name or its Celery path. Return a list that will hold the id of the run that was released,
    if the broker has it.
    """
    task, gone = catalog.find(task_name), list[str]()
    if task is not None and task.overlap in LINES_UP:
        name = task.name
        transaction.on_commit(lambda: _release(name, gone), robust=True)
    return gone


def _release(task_name: str, gone: list[str] | None = None) -> bool:
    if _cancels(task_name):
        _supersede(task_name)
    now = timezone.now()
    run = places.hand_on(task_name, now, now + timedelta(seconds=settings().RELAY_AFTER))
    if run is None:
        return False
    if _publish(run) and gone is not None:
        gone.append(run.task_id)
    return True


def _cancels(task_name: str) -> bool:
    task = catalog.find(task_name)
    return task is not None and task.overlap is Overlap.CANCEL_RUNNING


def _supersede(task_name: str) -> None:
    """Cancel everything but the newest, in the name of who asked for that."""
    runs = places.contenders(task_name, MAX_CONTENDERS)
    for run in runs[1:]:
        if run.cancel_requested_at is not None:
            continue
        newest = runs[0]
        actor = Actor(name=newest.actor, display_name=newest.actor_name)
        with suppress(NotPossible), transaction.atomic():
            stop(run, actor, newest.reason, f"superseded by run {newest.task_id}")


def _publish(run: Run) -> bool:
    try:
        get_dispatcher().publish(message_of(run), budget=settings().PUBLISH_BUDGET)
    except BrokerUnavailable as error:
        logger.warning("run %s waits in the ledger: %s", run.task_id, error)
        return False
    return True
