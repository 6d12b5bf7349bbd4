"""Ask for a run of a task."""

from __future__ import annotations

import hashlib
import json
import math
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from runbell.actions.submit import Replay, in_the_way_of, status_of, submit
from runbell.catalog import catalog
from runbell.conf import settings
from runbell.domain.actors import Actor, Permission
from runbell.domain.errors import InvalidParams, PermissionDenied, RateLimited, RehearsalUnavailable
from runbell.domain.jsonable import require_storable
from runbell.domain.params import validate_params
from runbell.domain.tasks import LINES_UP, Overlap, TaskDefinition
from runbell.ledger import audit, runs
from runbell.ledger.drafts import Draft
from runbell.ledger.rows import Run

MAX_REASON = 2000


@dataclass(frozen=True)
class Triggered:
    """What became of a trigger.

    Args:
        run_id: the run's id.
        task: the task that was resolved.
        status: ``"queued"`` if the broker has it, ``"waiting"`` if another run of the task must end first,
            ``"accepted"`` if only the ledger has it because the broker cannot be reached.
        requested_at: when it was asked for, aware.
        dry_run: whether it is a rehearsal.
        actor_name: who asked, for people.
        replayed: whether an earlier request with the same idempotency key had made it.
        waits_for: id of the run in the way, or "".
    """

    run_id: str
    task: TaskDefinition
    status: str
    requested_at: datetime
    dry_run: bool
    actor_name: str
    replayed: bool = False
    waits_for: str = ""


def trigger(
    spelling: str,
    *,
    actor: Actor,
    params: dict[str, Any] | None = None,
    dry_run: bool = False,
    reason: str = "",
    idempotency_key: str | None = None,
) -> Triggered:
    """Ask for a run of the task that ``spelling`` means.

    Raises:
        UnknownTask, AmbiguousTask: if the spelling does not mean one task.
        PermissionDenied: if the actor may not; that is audited.
        InvalidParams: field by field.
        RehearsalUnavailable: a dry run of a task that has none.
        RateLimited: more triggers than configured.
        Overlap: a run is in the way, and the task's policy is to skip; LineFull if too many wait in line already.
        IdempotencyConflict: the key was used for another request.
    """
    begun = time.monotonic()
    task = catalog.resolve(spelling)
    authorise(actor, task)
    checked = check_request(task, params or {}, dry_run=dry_run, reason=reason)
    _respect_limit(actor)
    draft = draft_for(task, actor, checked, dry_run=dry_run, reason=reason, idempotency_key=idempotency_key)
    return submit_or_replay(replace(draft, begun=begun))


def authorise(actor: Actor, task: TaskDefinition) -> None:
    """Return if the actor may trigger the task; a refusal is written into the audit trail.

    Raises:
        PermissionDenied: if it may not.
    """
    try:
        actor.require(Permission.TRIGGER)
        if task.permission:
            actor.require(task.permission)
    except PermissionDenied as denial:
        now = timezone.now()
        fields = {"task_name": task.name, "permission": denial.details["permission"]}
        audit.append("TASK_EXECUTION_DENIED", actor, f"Refused: {task.title}", fields, at=now)
        raise


def check_request(task: TaskDefinition, params: dict[str, Any], *, dry_run: bool, reason: str) -> dict[str, Any]:
    """Return the validated parameters of a request for a run.

    Raises:
        InvalidParams, RehearsalUnavailable: if the task cannot be run so.
    """
    require_storable("params", params)
    require_storable("reason", reason)
    if len(reason) > MAX_REASON:
        raise InvalidParams([{"field": "reason", "message": f"at most {MAX_REASON} characters"}])
    if dry_run and not task.rehearsal:
        raise RehearsalUnavailable(task.name)
    return validate_params(task.params_model, params)


def draft_for(
    task: TaskDefinition,
    actor: Actor,
    params: dict[str, Any],
    *,
    dry_run: bool,
    reason: str,
    idempotency_key: str | None = None,
    trigger: str = "manual",
    retry_of: int | None = None,
) -> Draft:
    """Return the draft of a run that a person or a program asks for now."""
    now = timezone.now()
    return Draft(
        task=task,
        actor=actor,
        trigger=trigger,
        requested_at=now,
        params=params,
        dry_run=dry_run,
        reason=reason,
        idempotency_key=idempotency_key or None,
        request_hash=_fingerprint(task.name, params, dry_run, reason, retry_of) if idempotency_key else "",
        exclusive=task.overlap is Overlap.SKIP and not dry_run,
        lines_up=task.overlap in LINES_UP and not dry_run,
        retry_of=retry_of,
        publish_after=now + timedelta(seconds=settings().RELAY_AFTER),
    )


def submit_or_replay(draft: Draft) -> Triggered:
    """Submit a draft; a repeated request gives the run that the first one made."""
    try:
        submitted = submit(draft)
    except Replay as replay:
        return _replayed(draft.task, replay.run)
    return Triggered(
        run_id=draft.run_id,
        task=draft.task,
        status=submitted.status,
        requested_at=draft.requested_at,
        dry_run=draft.dry_run,
        actor_name=draft.actor.display_name,
        waits_for=submitted.waits_for,
    )


def _replayed(task: TaskDefinition, run: Run) -> Triggered:
    return Triggered(
        run_id=run.task_id,
        task=task,
        status=status_of(run),
        requested_at=run.requested_at,
        dry_run=run.dry_run,
        actor_name=run.actor_name,
        replayed=True,
        waits_for=in_the_way_of(run),
    )


def _fingerprint(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _respect_limit(actor: Actor) -> None:
    limit = settings().TRIGGERS_PER_MINUTE
    if limit is None or not actor.user_id:
        return
    now = timezone.now()
    recent = runs.requested_since(actor.limit_key, now - timedelta(minutes=1))
    times = list(recent.values_list("requested_at", flat=True)[:limit])
    if len(times) >= limit:
        wait = (times[0] + timedelta(minutes=1) - now).total_seconds()
        raise RateLimited(limit, max(1, math.ceil(wait)))
