"""Doing one thing to many rows: in bounded chunks, locked, where one that fails does not stop the others."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Model, QuerySet

from runbell.domain.outcome import Outcome

logger = logging.getLogger(__name__)

CHUNK = 50
"""Rows locked and changed in one transaction: on SQLite nobody else writes meanwhile."""
MAX_NAMED = 50
"""How many failures an outcome names; it counts all of them."""

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)


class Fault(Exception):
    """What is wrong with one item, in words that people understand; logged without a traceback."""


class Watcher(Protocol):
    """The part of ``runbell.Run`` that long work needs."""

    @property
    def cancel_requested(self) -> bool:
        """Whether somebody asked for the work to stop."""
        ...

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Say how far the work is."""
        ...


@dataclass
class Tally:
    """What was done and what failed.

    Args:
        processed: items handled well.
        failed: items that could not be handled.
        failures: what failed and why, at most ``MAX_NAMED``.
        stopped: whether the work stopped before its end because somebody asked.
    """

    processed: int = 0
    failed: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    stopped: bool = False

    def attempt(self, item: Item, work: Callable[[Item], object]) -> None:
        """Do ``work`` to ``item`` in a savepoint; count it, and undo and name it if it fails.

        Raises:
            OperationalError, InterfaceError: if it is the database that fails, not the item.
        """
        try:
            with transaction.atomic():
                work(item)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 (whatever is wrong with one item, the others must go on)
            self.fail(str(item), error)
        else:
            self.processed += 1

    def retract(self, item: object, error: Exception) -> None:
        """Count as failed what ``attempt`` counts as processed: its mail could not be sent after the commit."""
        self.processed -= 1
        self.fail(str(item), error)

    def fail(self, name: str, error: Exception) -> None:
        """Count and name a failure."""
        expected = isinstance(error, Fault)
        logger.warning("%s failed: %s", name, error, exc_info=None if expected else error)
        self.failed += 1
        if len(self.failures) < MAX_NAMED:
            self.failures[name] = str(error) if expected else f"{type(error).__name__}: {error}"

    def outcome(self, what: str, **evidence: Any) -> Outcome:
        """Return the outcome; ``what`` follows the count in its sentence, e.g. ``"documents became effective"``."""
        message = f"{self.processed} {what}" + (f", {self.failed} failed" if self.failed else "")
        if self.stopped:
            message += "; stopped on request"
        return Outcome(self.processed, self.failed, message, evidence | {"failures": self.failures})


def for_each(rows: QuerySet[Row], work: Callable[[Row], object], run: Watcher) -> Tally:
    """Do ``work`` to every row of the queryset, in its order; rows that left it meanwhile are passed over."""
    tally, keys = Tally(), list(rows.values_list("pk", flat=True))
    for number, chunk in enumerate(chunks(keys)):
        run.progress(number * CHUNK, len(keys))
        if run.cancel_requested:
            tally.stopped = True
            return tally
        with transaction.atomic():
            for row in rows.select_for_update(of=("self",)).filter(pk__in=chunk):
                tally.attempt(row, work)
    run.progress(len(keys), len(keys))
    return tally


def chunks(items: Sequence[Item], size: int = CHUNK) -> Iterator[Sequence[Item]]:
    """Return ``items`` in slices of ``size``."""
    return (items[start : start + size] for start in range(0, len(items), size))
