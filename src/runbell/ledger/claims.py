"""The claim: how exactly one attempt of a run comes to life, and how that attempt reports and ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Q, QuerySet

from runbell.domain.jsonable import clean_text
from runbell.domain.states import ENDINGS, WAITING, Fact, State
from runbell.ledger.attempt import NO_LOG, Claim, Claimant, Ending, Log, Stray, TakeOver, Word
from runbell.ledger.attempt_statements import CLAIMED, claim_in_one_statement, end_in_one_statement
from runbell.ledger.endings import audit_end, end_entry, told_of
from runbell.ledger.opening import DETAIL_LENGTH
from runbell.models import Event, LogLine, Run, Worker

RETRY_GRACE = timedelta(seconds=10)
"""How long after its moment the next attempt may be late before the ledger takes it into its own hands."""
CLOCKS_DIFFER = timedelta(seconds=5)
"""How far the clocks of two machines may be apart."""


def claim(stray: Stray, claimant: Claimant, at: datetime, terms: TakeOver) -> Claim | None:
    """Take the run if nobody else has it and the message is for its task: one compare-and-swap.

    A run whose worker is gone (stopped, or silent) may be taken over as a new attempt where the ``terms`` allow it.
    Returns None if the run must not be run now, and writes down that a delivery was refused.
    """
    connection = connections[router.db_for_write(Run)]
    if connection.vendor == "postgresql" and (row := claim_in_one_statement(connection, _offer(stray, claimant, at))):
        return _claim(row, claimant, at)
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


def end(claim: Claim, ending: Ending, log: Log = NO_LOG) -> bool:
    """Write down how the claimed attempt ended, with the rest of its log; return False if another one counts by now."""
    connection = connections[router.db_for_write(Run)]
    if connection.vendor == "postgresql" and not log.cut:
        return _end_at_once(connection, claim, ending, log)
    with transaction.atomic():
        keep_log(claim, list(log.lines), log.cut)
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


def _end_at_once(connection: BaseDatabaseWrapper, claim: Claim, ending: Ending, log: Log) -> bool:
    return end_in_one_statement(
        connection,
        key=claim.pk,
        attempt=claim.attempt,
        columns=_columns(ending),
        event=(ending.fact.value, ending.at, clean_text(ending.detail or ending.error, DETAIL_LENGTH)),
        lines=log.lines,
        entry=end_entry(told_of(claim, ending), at=ending.at) if ending.fact in ENDINGS else None,
    )


def note_progress(claim: Claim, done: int, total: int | None, message: str) -> Word:
    """Write down how far the attempt is; return what the ledger says to that."""
    mine = _still_mine(claim)
    counts = mine.update(progress_done=done, progress_total=total, progress_message=clean_text(message, 255))
    return Word(bool(counts), bool(counts) and mine.filter(cancel_requested_at__isnull=False).exists())


def keep_log(claim: Claim, lines: list[dict[str, Any]], cut: int) -> None:
    """Keep log lines of the attempt, and how many were left out."""
    if lines:
        LogLine.objects.bulk_create(LogLine(run_id=claim.pk, attempt=claim.attempt, **line) for line in lines)
    if cut:
        Run.objects.filter(pk=claim.pk).update(log_lines_cut=cut)


def _claimable(stray: Stray, at: datetime) -> Q:
    in_time = Q(expires_at__isnull=True) | Q(expires_at__gt=at) | Q(attempt__gt=0)
    too_early = Q(state=State.RETRY.value, publish_after__gt=_retry_until(at))
    return _of(stray) & Q(state__in=[state.value for state in WAITING]) & in_time & ~too_early


def _offer(stray: Stray, claimant: Claimant, at: datetime) -> dict[str, Any]:
    return {
        "task_id": stray.run_id,
        "celery_name": stray.celery_name,
        "at": at,
        "retry_until": _retry_until(at),
        "worker": claimant.worker,
        "instance": claimant.instance,
        "pid": claimant.pid,
        "detail": claimant.process,
    }


def _retry_until(at: datetime) -> datetime:
    return at + RETRY_GRACE + CLOCKS_DIFFER


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
    run = Run.objects.only(*CLAIMED).get(task_id=run_id)
    Event.objects.create(
        run=run,
        kind=Fact.STARTED.value,
        at=at,
        attempt=run.attempt,
        worker=claimant.worker,
        detail=claimant.process,
    )
    return _claim({name: getattr(run, name) for name in CLAIMED}, claimant, at)


def _claim(row: dict[str, Any], claimant: Claimant, at: datetime) -> Claim:
    known = {name: value for name, value in row.items() if name not in {"id", "task_id"}}
    return Claim(pk=row["id"], run_id=row["task_id"], started_at=at, worker=claimant.worker, **known)


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
