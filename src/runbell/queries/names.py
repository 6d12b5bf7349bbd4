"""Task names in filters: every spelling works, and so does a task that only history knows."""

from __future__ import annotations

from runbell.catalog import catalog
from runbell.domain.errors import AmbiguousTask, InvalidFilter, UnknownTask
from runbell.models import Run
from runbell.queries.pages import require_text


def require_task_name(spelling: str) -> str:
    """Return the name under which the ledger keeps the task that ``spelling`` means.

    Raises:
        InvalidFilter: if neither the catalogue nor the ledger knows it.
    """
    require_text("task", spelling)
    try:
        return catalog.resolve(spelling).name
    except AmbiguousTask as error:
        raise InvalidFilter("task", error.message) from error
    except UnknownTask as error:
        if Run.objects.filter(task_name=spelling).exists():
            return spelling
        raise InvalidFilter("task", error.message) from error


def title_of(task_name: str) -> str:
    """Return a task's title for people; the name itself of a task that only history knows."""
    task = catalog.find(task_name)
    return task.title if task else task_name
