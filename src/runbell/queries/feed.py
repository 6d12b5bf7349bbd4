"""The change feed: which runs had events since the last look."""

from __future__ import annotations

import time
from dataclasses import dataclass

from runbell.models import Event

MAX_EVENTS = 1000
"""How many events one look takes; of more it only says that there were many."""
SETTLED = 5.0
"""Seconds after which no event with a lower id can still appear: the longest that a transaction that writes one takes.

Ids are given out when a row is written and become visible when its transaction commits, so a lower one may come later.
"""


@dataclass(frozen=True)
class Change:
    """One event, as far as somebody who watches needs to know it.

    Args:
        id: the event's id.
        run_id: the run's id.
        task_name: the task's name.
        kind: what happened, e.g. ``"STARTED"``.
    """

    id: int
    run_id: str
    task_name: str
    kind: str


def latest_event_id() -> int:
    """Return the highest id of an event, 0 where there is none: it changes whenever something happens to a run."""
    return Event.objects.order_by("-id").values_list("id", flat=True).first() or 0


class Feed:
    """Follows the events from now on. One query a look, whatever the number of those who listen.

    Not safe for use by several threads.
    """

    def __init__(self) -> None:
        self._settled = latest_event_id()
        self._seen: dict[int, float] = {}

    def look(self) -> tuple[list[Change], bool]:
        """Return the events that were not seen before, oldest first, and whether there were too many to tell."""
        now = time.monotonic()
        rows = Event.objects.filter(id__gt=self._settled).order_by("id")
        columns = rows.values_list("id", "run__task_id", "run__task_name", "kind")[: MAX_EVENTS + 1]
        found = [Change(*row) for row in columns]
        fresh = [change for change in found if change.id not in self._seen]
        self._seen |= {change.id: now for change in fresh}
        if len(found) > MAX_EVENTS:
            self._jump()
            return [], True
        self._settle(now)
        return fresh, False

    def _settle(self, now: float) -> None:
        """Look no further back than to what has been visible for long."""
        settled = [number for number, at in self._seen.items() if now - at > SETTLED]
        if settled:
            self._settled = max(settled)
            self._seen = {number: at for number, at in self._seen.items() if number > self._settled}

    def _jump(self) -> None:
        self._settled, self._seen = latest_event_id(), {}
