"""The overview's answer, kept while nothing happens: many browsers ask for the same at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from runbell.queries.feed import latest_event_id

MAX_AGE = 1.0
"""Seconds after which an answer is made anew though no run had an event: heartbeats, backlogs and the time go on."""


@dataclass(frozen=True)
class _Answer:
    mount: str
    event_id: int
    made_at: float
    content: bytes


_lock = threading.Lock()
_answers: list[_Answer] = []


def remembered(mount: str, make: Callable[[], bytes]) -> bytes:
    """Return the last answer if no run had an event since and it is younger than ``MAX_AGE``; else make it anew.

    Those who ask while it is made wait for it. It holds nothing that one caller may see and another may not.

    Args:
        mount: path under which the API was asked; the answer holds addresses below it.
        make: makes the answer.
    """
    event_id = latest_event_id()
    with _lock:
        kept = _answers[0] if _answers else None
        if kept is None or (kept.mount, kept.event_id) != (mount, event_id) or _age(kept) > MAX_AGE:
            kept = _Answer(mount, event_id, time.monotonic(), make())
            _answers[:] = [kept]
        return kept.content


def forget() -> None:
    """Make the next answer anew: something changed that no run has an event of."""
    _answers.clear()


def _age(answer: _Answer) -> float:
    return time.monotonic() - answer.made_at
