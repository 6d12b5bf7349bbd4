"""What happened to one run, and what it logged."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from runbell.domain.errors import InvalidFilter
from runbell.models import Event, LogLine
from runbell.queries.pages import Page, cursor_after, decode, oldest_first, require_limit
from runbell.queries.runs import find_row

_LOG_CURSOR = re.compile(r"(\d{1,9})\.(\d{1,9})\Z")


@dataclass(frozen=True)
class EventInfo:
    """One fact about a run.

    Args:
        id: its place in the change feed.
        kind: what happened, e.g. ``"STARTED"``.
        at: when it happened, aware.
        seconds_since_previous: since the event before it, None for the first.
        attempt: which attempt it belongs to, 0 before the first.
        worker: where it was seen, or "".
        detail: one sentence, or "".
    """

    id: int
    kind: str
    at: datetime
    seconds_since_previous: float | None
    attempt: int
    worker: str
    detail: str


@dataclass(frozen=True)
class LogLineInfo:
    """One line that a run logged; ``number`` counts within its attempt."""

    attempt: int
    number: int
    at: datetime
    level: str
    logger: str
    message: str


@dataclass(frozen=True)
class LogPage:
    """Some log lines of a run.

    Args:
        lines: in the order in which they were logged.
        cursor: what to ask for the following lines with, even if there are none yet.
        more: whether there are more lines now.
        cut: how many lines were not kept because the run logged too many.
    """

    lines: tuple[LogLineInfo, ...]
    cursor: str
    more: bool
    cut: int


def list_events(run_id: str, cursor: str | None = None, limit: int | None = None) -> Page[EventInfo]:
    """Return a page of a run's events, oldest first, each with the time since the one before.

    Raises:
        RunNotFound: no run has that id.
        InvalidFilter: if the cursor or the limit cannot be read.
    """
    run, size = find_row(run_id), require_limit(limit)
    rows = oldest_first(Event.objects.filter(run=run), "at", cursor, size)
    before = [decode(cursor).at if cursor else None, *(row.at for row in rows)]
    events = tuple(_event(row, previous) for row, previous in zip(rows[:size], before, strict=False))
    return Page(events, cursor_after(rows, "at", size))


def list_log_lines(run_id: str, cursor: str | None = None, limit: int | None = None) -> LogPage:
    """Return log lines of a run in order, those behind ``cursor``.

    Raises:
        RunNotFound: no run has that id.
        InvalidFilter: if the cursor or the limit cannot be read.
    """
    run, size = find_row(run_id), require_limit(limit)
    attempt, number = _log_position(cursor)
    behind = Q(attempt__gte=attempt) & (Q(attempt__gt=attempt) | Q(number__gt=number))
    rows = list(LogLine.objects.filter(behind, run=run).order_by("attempt", "number")[: size + 1])
    kept = rows[:size]
    end = f"{kept[-1].attempt}.{kept[-1].number}" if kept else cursor or ""
    return LogPage(tuple(_line(row) for row in kept), end, len(rows) > size, run.log_lines_cut)


def _log_position(cursor: str | None) -> tuple[int, int]:
    match = _LOG_CURSOR.match(cursor) if cursor else None
    if cursor and not match:
        raise InvalidFilter("after", "is not one that this log gave out")
    return (int(match[1]), int(match[2])) if match else (0, -1)


def _event(row: Event, previous: datetime | None) -> EventInfo:
    since = None if previous is None else (row.at - previous).total_seconds()
    return EventInfo(row.pk, row.kind, row.at, since, row.attempt, row.worker, row.detail)


def _line(row: LogLine) -> LogLineInfo:
    return LogLineInfo(row.attempt, row.number, row.at, row.level, row.logger, row.message)
