"""Ask the backlog probes how much work waits."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import DatabaseError
from django.utils import timezone

from runbell.catalog import catalog
from runbell.conf import settings
from runbell.domain.outcome import Backlog
from runbell.domain.tasks import TaskDefinition
from runbell.ledger import backlogs

logger = logging.getLogger(__name__)


def sample_backlogs() -> int:
    """Call every probe whose last answer is old; a probe that fails is noted and stops no other. Return how many."""
    probed = {task.name: task for task in catalog if task.backlog is not None}
    before = timezone.now() - timedelta(seconds=settings().BACKLOG_INTERVAL)
    stale = backlogs.stale(list(probed), before) if probed else set()
    for name in sorted(stale):
        _sample(probed[name])
    return len(stale)


def _sample(task: TaskDefinition) -> None:
    assert task.backlog is not None
    count, oldest, error = 0, None, ""
    try:
        answer = task.backlog()
        backlog = answer if isinstance(answer, Backlog) else Backlog(int(answer))
        count, oldest = backlog.count, backlog.oldest
    except DatabaseError:
        raise
    except Exception as failure:  # noqa: BLE001 (a probe is the project's code: whatever it raises is its answer)
        error = f"{type(failure).__name__}: {failure}"[:500]
        logger.warning("the backlog probe of %s failed: %s", task.name, error)
    backlogs.keep(task.name, count=count, oldest=oldest, error=error, at=timezone.now())
