"""The claim: how exactly one attempt of a run comes to life, and how that attempt reports and ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from runbell.domain.jsonable import clean_text
from runbell.domain.states import ENDINGS, WAITING, Fact, State
from runbell.ledger.endings import audit_end
from runbell.ledger.opening import DETAIL_LENGTH
from runbell.models import Event, LogLine, Run, Worker

RETRY_GRACE = timedelta(seconds=10)
"""How long after its moment the next attempt may be late before the ledger takes it into its own hands."""
CLOCKS_DIFFER = timedelta(seconds=5)
"""How far the clocks of two machines may be apart."""


@dataclass(frozen=True)
class Claimant:
    """The worker process that wants to run something."""

    worker: str
    instance: str
    pid: int


@dataclass(frozen=True)
class Claim:
    """The right to run one attempt of one run, with what the ledger says of it."""

    pk: int
    run_id: str
    task_name: str
    attempt: int
    params: dict[str, Any]
    dry_run: bool
    actor: str
    actor_name: str
    actor_email: str
    reason: str
    due_at: datetime | None
    started_at: datetime


@dataclass(frozen=True)
class Stray:
    """A Celery task that the application sent past Runbell."""

    run_id: str
    task_name: str
    celery_name: str
    queue: str
    params: dict[str, Any]
    sender: str


@dataclass(frozen=True)
class Ending:
    """How an attempt ended."""

    fact: Fact
    at: datetime
    detail: str = ""
    processed: int | None = None
    failed: int | None = None
    result: Any = None
    error: str = ""
    traceback: str = ""
    rehearsal: dict[str, Any] | None = None
    next_at: datetime | None = None
    """When the next attempt is due, if one follows."""


@dataclass(frozen=True)
class TakeOver:
    """On which terms a run is taken over from a worker that died.

    Args:
        presumed_dead: how long a worker must have been silent.
        attempts: how many attempts there may be with this one; 1 if its task is not safe to repeat.
    """

    presumed_dead: timedelta
    attempts: int


def claim(stray: Stray, claimant: Claimant, at: datetime, terms: TakeOver) -> Claim | None:
    """Take the run if nobody else has it and the message is for its task: one compare-and-swap.

    A run whose worker is gone (stopped, or silent) may be taken over as a new attempt where the ``terms`` allow it.
    Returns None if the run must not be run now, and writes down that a delivery was refused.
    """
    with transaction.atomic():
        if _swap(_claimable(stray, at), claimant, at) or _take_over(stray, claimant, at, terms):
            return _started(stray.run_id, claimant, at)
        _refuse(stray, claimant, at)
        return None


def adopt(stray: Stray, claimant: Claimant, at: datetime) -> Claim | None:
    """Open and start a run for a task that was sent past Runbell; None if the run exists already."""
    try:
        with transaction.atomic():
            Run.objects.create(
                task_id=stray.run_id,
                task_name=stray.task_name,
                celery_name=stray.celery_name,
                queue=stray.queue,
                state=State.STARTED.value,
                trigger="celery",
                params=stray.params,
                actor=f"celery:{stray.sender}"[:255],
                actor_name=stray.sender[:255],
                requested_at=at,
                started_at=at,
                attempt=1,
                worker=claimant.worker,
                worker_instance=claimant.instance,
                worker_pid=claimant.pid,
            )
            return _started(stray.run_id, claimant, at)
    except IntegrityError:
        return None


def exists(run_id: str) -> bool:
    """Return whether the ledger knows the run."""
    return Run.objects.filter(task_id=run_id).exists()


def end(claim: Claim, ending: Ending) -> bool:
    """Write down how the claimed attempt ended; return False if it was no longer the one that counts."""
    with transaction.atomic():
        moved = _still_mine(claim).update(**_columns(ending))
        Event.objects.create(
            run_id=claim.pk,
            kind=ending.fact.value,
            at=ending.at,
            attempt=claim.attempt,
            detail=clean_text(ending.detail or ending.error, DETAIL_LENGTH),
        )
        if moved and ending.fact in ENDINGS:
            audit_end(Run.objects.get(pk=claim.pk), at=ending.at)
    return bool(moved)


def note_progress(claim: Claim, done: int, total: int | None, message: str) -> bool:
    """Write down how far the attempt is; return whether somebody asked for it to be cancelled."""
    mine = _still_mine(claim)
    mine.update(progress_done=done, progress_total=total, progress_message=clean_text(message, 255))
    return mine.filter(cancel_requested_at__isnull=False).exists()


def keep_log(claim: Claim, lines: list[dict[str, Any]], cut: int) -> None:
    """Keep log lines of the attempt, and how many were left out."""
    LogLine.objects.bulk_create(LogLine(run_id=claim.pk, attempt=claim.attempt, **line) for line in lines)
    if cut:
        Run.objects.filter(pk=claim.pk).update(log_lines_cut=cut)


def _claimable(stray: Stray, at: datetime) -> Q:
    in_time = Q(expires_at__isnull=True) | Q(expires_at__gt=at) | Q(attempt__gt=0)
    too_early = Q(state=State.RETRY.value, publish_after__gt=at + RETRY_GRACE + CLOCKS_DIFFER)
    return _of(stray) & Q(state__in=[state.value for state in WAITING]) & in_time & ~too_early


def _of(stray: Stray) -> Q:
    return Q(task_id=stray.run_id, celery_name=stray.celery_name)


def _swap(condition: Q, claimant: Claimant, at: datetime) -> bool:
    rows = Run.objects.filter(condition).update(
        state=State.STARTED.value,
        attempt=F("attempt") + 1,
        started_at=at,
        worker=claimant.worker,
        worker_instance=claimant.instance,
        worker_pid=claimant.pid,
        publish_after=None,
        explanation="",
        progress_done=None,
        progress_total=None,
        progress_message="",
    )
    return rows == 1


def _take_over(stray: Stray, claimant: Claimant, at: datetime, terms: TakeOver) -> bool:
    run = Run.objects.filter(_of(stray), state=State.STARTED.value, attempt__lt=terms.attempts).first()
    if run is None or run.worker_instance == claimant.instance:
        return False
    alive = Worker.objects.filter(
        instance=run.worker_instance, stopped_at__isnull=True, heartbeat_at__gt=at - terms.presumed_dead
    )
    if alive.exists():
        return False
    return _swap(_of(stray) & Q(state=State.STARTED.value, attempt=run.attempt), claimant, at)


def _started(run_id: str, claimant: Claimant, at: datetime) -> Claim:
    run = Run.objects.only(
        "task_id", "task_name", "attempt", "params", "dry_run", "actor", "actor_name", "actor_email", "reason", "due_at"
    ).get(task_id=run_id)
    Event.objects.create(
        run=run,
        kind=Fact.STARTED.value,
        at=at,
        attempt=run.attempt,
        worker=claimant.worker,
        detail=f"pid {claimant.pid}",
    )
    return Claim(
        pk=run.pk,
        run_id=run.task_id,
        task_name=run.task_name,
        attempt=run.attempt,
        params=run.params,
        dry_run=run.dry_run,
        actor=run.actor,
        actor_name=run.actor_name,
        actor_email=run.actor_email,
        reason=run.reason,
        due_at=run.due_at,
        started_at=at,
    )


def _refuse(stray: Stray, claimant: Claimant, at: datetime) -> None:
    run = Run.objects.only("id", "attempt", "state", "celery_name").filter(task_id=stray.run_id).first()
    if run is not None:
        ours = run.celery_name == stray.celery_name
        why = f"it was {run.state}" if ours else f"of {stray.celery_name}, which is not its task"
        Event.objects.create(
            run=run,
            kind=Fact.DUPLICATE_REFUSED.value,
            at=at,
            attempt=run.attempt,
            worker=claimant.worker,
            detail=clean_text(f"a message for it arrived: {why}", DETAIL_LENGTH),
        )


def _still_mine(claim: Claim) -> QuerySet[Run]:
    return Run.objects.filter(pk=claim.pk, attempt=claim.attempt, state=State.STARTED.value)


def _columns(ending: Ending) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "state": ending.fact.value,
        "explanation": ending.detail,
        "processed": ending.processed,
        "failed": ending.failed,
        "result": ending.result,
        "error": ending.error,
        "traceback": ending.traceback,
        "rehearsal": ending.rehearsal,
    }
    if ending.fact in ENDINGS:
        columns |= {"finished_at": ending.at, "overlap_key": None}
    elif ending.fact is Fact.RETRY:
        columns["publish_after"] = (ending.next_at or ending.at) + RETRY_GRACE
    return columns
