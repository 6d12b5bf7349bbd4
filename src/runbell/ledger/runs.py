"""Writing runs: opening them, moving them, finishing them. Every change and its event are one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import router, transaction
from django.db.models import F, QuerySet

from runbell.domain.jsonable import clean_text
from runbell.domain.states import ENDINGS, FINISHED, TRANSITIONS, Fact
from runbell.ledger import audit
from runbell.ledger.drafts import Draft
from runbell.ledger.endings import audit_end
from runbell.ledger.groups import can_insert_soon, insert, insert_soon
from runbell.ledger.opening import DETAIL_LENGTH, Opening, insert_all
from runbell.ledger.records import Record
from runbell.models import Event, Run


@dataclass(frozen=True)
class Observation:
    """One fact that was seen about one run, at the moment it happened.

    Args:
        run_id: the run's id.
        fact: what happened.
        at: when, aware.
        worker: where it was seen, or "".
        detail: one sentence, or "".
        changes: columns of the run that the fact sets if it moves the run.
        celery_name: the task that a message named, if one told of the fact; it is no fact about another task's run.
        attempt: the attempt that it is a fact of; None for whichever is under way.
    """

    run_id: str
    fact: Fact
    at: datetime
    worker: str = ""
    detail: str = ""
    changes: dict[str, Any] | None = None
    celery_name: str = ""
    attempt: int | None = None


def database() -> str:
    """Return the alias of the database that the ledger is written to."""
    return router.db_for_write(Run)


def open_run(draft: Draft, committed: Callable[[], None] | None = None) -> int:
    """Write a run, its first event and its audit entry; return its primary key.

    Args:
        draft: the run.
        committed: called once, when it is sure that they stay. It must not raise or wait.

    Raises:
        django.db.IntegrityError: if a constraint forbids it (a used idempotency key, an overlap, an occurrence that
            was fired before); nothing is written then.
    """
    return insert(_opening(draft), committed)


def open_run_soon(draft: Draft, committed: Callable[[], None], failed: Callable[[BaseException], None]) -> None:
    """Do as ``open_run`` does, in another thread and without waiting for it. Only where ``can_open_soon``.

    Args:
        draft: the run.
        committed: called once, when it is sure that they stay. It must not wait.
        failed: called instead of it, with the reason.
    """
    insert_soon(_opening(draft), committed, failed)


def can_open_soon() -> bool:
    """Return whether ``open_run_soon`` works on the ledger's database."""
    return can_insert_soon()


def open_runs(drafts: Iterable[Draft]) -> None:
    """Write many runs, each with its first event and its audit entry: all or none.

    Raises:
        django.db.IntegrityError: if a constraint forbids one of them; nothing is written then.
    """
    insert_all([_opening(draft) for draft in drafts])


def audit_fields(draft: Draft) -> dict[str, Any]:
    """Return the seed's fields of an audit entry, with the task id, the reason and the parameters."""
    return {
        "task_name": draft.task.name,
        "task_description": draft.task.description,
        "dry_run": draft.dry_run,
        "execution_time": draft.requested_at.isoformat(),
        "task_id": draft.run_id,
        "reason": draft.reason or draft.explanation,
        "params": draft.params,
    }


def observe(observation: Observation) -> bool:
    """Write down one fact, move the run if the transition table says so, and return whether it moved."""
    with transaction.atomic():
        run = Run.objects.filter(task_id=observation.run_id).first()
        if run is None or observation.celery_name not in ("", run.celery_name):
            return False
        moved = _move(run, observation)
        _add_event(run, observation)
        if moved and observation.fact in ENDINGS:
            run.refresh_from_db()
            audit_end(run, at=observation.at)
    return moved


def postpone_publication(run_ids: Sequence[str], until: datetime, detail: str, at: datetime) -> None:
    """Write down that the broker could not be reached for these runs, and when to try again.

    Only a run's first failure becomes an event, so that a long outage does not fill the ledger.
    """
    with transaction.atomic():
        runs = Run.objects.filter(task_id__in=run_ids, publish_after__isnull=False)
        first_failures = list(runs.filter(publish_attempts=0).values_list("pk", flat=True))
        runs.update(publish_after=until, publish_attempts=F("publish_attempts") + 1)
        Event.objects.bulk_create(
            Event(run_id=pk, kind=Fact.PUBLISH_FAILED.value, at=at, detail=detail[:DETAIL_LENGTH])
            for pk in first_failures
        )


def request_cancellation(run: Run, actor_name: str, detail: str, at: datetime) -> None:
    """Write down that somebody wants a running run to stop; its worker reads it within a tick."""
    with transaction.atomic():
        Run.objects.filter(pk=run.pk, finished_at__isnull=True).update(
            cancel_requested_at=at, cancel_requested_by=actor_name
        )
        Event.objects.create(
            run=run, kind=Fact.CANCEL_REQUESTED.value, at=at, attempt=run.attempt, detail=detail[:DETAIL_LENGTH]
        )


def find(run_id: str) -> Run | None:
    """Return the run with that id, or None."""
    return Run.objects.filter(task_id=run_id).first()


def find_by_key(actor: str, idempotency_key: str) -> Run | None:
    """Return the run that this actor made with that idempotency key, or None."""
    return Run.objects.filter(actor=actor, idempotency_key=idempotency_key).first()


def find_in_the_way(task_name: str) -> Run | None:
    """Return the run that holds the one place of a task that must not overlap, or None."""
    return Run.objects.filter(overlap_key=task_name).first()


def occurrences(schedule_names: Iterable[str], due_at: Iterable[datetime]) -> set[tuple[str, datetime]]:
    """Return which occurrences of these schedules at these moments have their row, by schedule and moment."""
    rows = Run.objects.filter(schedule_name__in=set(schedule_names), due_at__in=set(due_at))
    return {(name, moment) for name, moment in rows.values_list("schedule_name", "due_at") if moment}


def requested_since(limit_key: str, since: datetime) -> QuerySet[Run]:
    """Return the runs that a person or token asked for since then, oldest first."""
    return Run.objects.filter(limit_key=limit_key, requested_at__gt=since).order_by("requested_at")


def _move(run: Run, observation: Observation) -> bool:
    sources, target = TRANSITIONS.get(observation.fact, (frozenset(), None))
    if target is None or observation.attempt not in (None, run.attempt):
        return False
    changes: dict[str, Any] = {"state": target.value, **(observation.changes or {})}
    if observation.detail:
        changes.setdefault("explanation", observation.detail)
    if target in FINISHED:
        changes |= {"finished_at": observation.at, "overlap_key": None, "in_line": None, "publish_after": None}
    rows = Run.objects.filter(pk=run.pk, attempt=run.attempt, state__in=_values(sources)).update(**changes)
    return rows == 1


def _add_event(run: Run, observation: Observation) -> None:
    Event.objects.create(
        run=run,
        kind=observation.fact.value,
        at=observation.at,
        attempt=run.attempt,
        worker=observation.worker,
        detail=clean_text(observation.detail, DETAIL_LENGTH),
    )


def _opening(draft: Draft) -> Opening:
    action = "TASK_EXECUTION_STARTED" if draft.state not in FINISHED else f"TASK_EXECUTION_{draft.state}"
    entry = audit.entry(
        action,
        draft.actor,
        f"{draft.trigger.capitalize()} execution: {draft.task.title}",
        audit_fields(draft),
        at=draft.requested_at,
        task_id=draft.run_id,
    )
    return Opening(_row(draft), entry)


def _row(draft: Draft) -> Record:
    actor, task = draft.actor, draft.task
    return {
        "task_id": draft.run_id,
        "task_name": task.name,
        "celery_name": task.celery_name,
        "queue": task.queue,
        "state": draft.state.value,
        "explanation": draft.explanation,
        "trigger": draft.trigger,
        "params": draft.params,
        "dry_run": draft.dry_run,
        "actor": actor.name,
        "actor_name": clean_text(actor.display_name, 255),
        "actor_email": actor.email,
        "limit_key": actor.limit_key if actor.user_id else "",
        "reason": draft.reason,
        "retry_of_id": draft.retry_of,
        "schedule_name": draft.schedule_name,
        "due_at": draft.due_at,
        "idempotency_key": draft.idempotency_key,
        "request_hash": draft.request_hash,
        "overlap_key": task.name if draft.exclusive else None,
        "in_line": task.name if draft.lines_up and draft.state not in FINISHED else None,
        "requested_at": draft.requested_at,
        "expires_at": draft.expires_at,
        "publish_after": draft.publish_after,
        "finished_at": draft.requested_at if draft.state in FINISHED else None,
    }


def _values(states: Iterable[Any]) -> list[str]:
    return [state.value for state in states]
