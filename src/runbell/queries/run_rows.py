"""What the ledger says of runs, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.utils import timezone

from runbell.domain.states import WAITING, State
from runbell.models import AuditEntry, Run
from runbell.queries.names import title_of


@dataclass(frozen=True)
class RunSummary:
    """One run, as a list shows it. Times are aware and in UTC, durations in seconds.

    Args:
        id: the run's id, which is the Celery task id.
        explanation: why it is in its state, where that is not obvious; one sentence or "".
        due_at: the moment at which its schedule was due, None for a run that was asked for.
        seconds_waited: from the request to the start of the latest attempt, or until now or the end without one.
        seconds_ran: from the start of the latest attempt to the end or until now; None if it never started.
        processed, failed: counts that the task reported, None until it did.
    """

    id: str
    task_name: str
    task_title: str
    state: str
    explanation: str
    trigger: str
    actor: str
    actor_name: str
    dry_run: bool
    queue: str
    worker: str
    attempt: int
    requested_at: datetime
    due_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    seconds_waited: float
    seconds_ran: float | None
    progress_done: int | None
    progress_total: int | None
    progress_message: str
    processed: int | None
    failed: int | None
    error: str


@dataclass(frozen=True)
class RunDetail(RunSummary):
    """Everything about one run but its events and log lines.

    Args:
        ip_address, user_agent: where the request came from, "" where nobody knows.
        retry_of: id of the run that this one repeats, or None.
        retries: ids of the runs that repeat this one, newest first, at most ``MAX_RETRIES``.
        result: what the task returned, JSON-ready and bounded.
        rehearsal: what a dry run would have changed and sent, or None.
        log_lines_cut: log lines that were not kept.
    """

    celery_name: str
    params: Any
    reason: str
    actor_email: str
    ip_address: str
    user_agent: str
    schedule_name: str
    retry_of: str | None
    retries: tuple[str, ...]
    expires_at: datetime | None
    publish_attempts: int
    cancel_requested_at: datetime | None
    cancel_requested_by: str
    result: Any
    traceback: str
    rehearsal: Any
    log_lines_cut: int


MAX_RETRIES = 50
_COMPUTED = frozenset({"id", "task_title", "seconds_waited", "seconds_ran", "error"})
_PLAIN = tuple(field.name for field in fields(RunSummary) if field.name not in _COMPUTED)
_SUMMARY_NAMES = frozenset(field.name for field in fields(RunSummary))
_ASKED_ELSEWHERE = frozenset({"ip_address", "user_agent", "retry_of", "retries"})
_DETAIL = tuple(
    field.name for field in fields(RunDetail) if field.name not in _SUMMARY_NAMES and field.name not in _ASKED_ELSEWHERE
)
SUMMARY_COLUMNS = ("id", "task_id", "error", *_PLAIN)
"""The columns that a summary needs, and no others."""
MAX_ERROR = 500


def summary(run: Run) -> RunSummary:
    """Return a row as a list shows it; its error cut to one line's length."""
    values = _summary_values(run, timezone.now())
    return RunSummary(**values | {"error": run.error[:MAX_ERROR]})


def detail(run: Run, retries: list[str], asked: AuditEntry | None) -> RunDetail:
    """Return a row with everything, and the audit entry of the request that made it."""
    return RunDetail(
        **_summary_values(run, timezone.now()),
        **{name: getattr(run, name) for name in _DETAIL},
        ip_address=asked.ip_address if asked else "",
        user_agent=asked.user_agent if asked else "",
        retry_of=run.retry_of.task_id if run.retry_of else None,
        retries=tuple(retries),
    )


def seconds_waited(run: Run, now: datetime) -> float:
    """Return how long a run waited for its latest start, or has been waiting."""
    return max(0.0, ((run.started_at or run.finished_at or now) - run.requested_at).total_seconds())


def seconds_ran(run: Run, now: datetime) -> float | None:
    """Return how long the latest attempt ran or has been running; None if there was none, or another is to come."""
    if run.started_at is None or (State(run.state) in WAITING):
        return None
    return max(0.0, ((run.finished_at or now) - run.started_at).total_seconds())


def _summary_values(run: Run, now: datetime) -> dict[str, Any]:
    return {name: getattr(run, name) for name in _PLAIN} | {
        "id": run.task_id,
        "task_title": title_of(run.task_name),
        "seconds_waited": seconds_waited(run, now),
        "seconds_ran": seconds_ran(run, now),
        "error": run.error,
    }
