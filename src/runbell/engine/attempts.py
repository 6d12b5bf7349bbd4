"""The attempt that is under way in this thread: from its claim to its end."""

from __future__ import annotations

import logging
import time
import traceback
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from celery.exceptions import Retry
from django.db import DatabaseError, connections
from django.utils import timezone

from runbell.actions import record
from runbell.actions.record import Claim, Ending, Stray
from runbell.catalog import catalog
from runbell.conf import settings
from runbell.domain.jsonable import bounded, clean_text
from runbell.domain.outcome import Outcome
from runbell.domain.states import Fact
from runbell.engine.application import AnyTask
from runbell.engine.identity import claimant
from runbell.engine.recorder import Recorder

logger = logging.getLogger(__name__)

END_TRIES = 5
"""How often the end of an attempt is tried to be written while the database is away: about 6 s."""


@dataclass
class Attempt:
    """One attempt under way, and what it found out about itself."""

    claim: Claim
    recorder: Recorder
    outcome: Outcome | None = None
    rehearsal: dict[str, Any] | None = field(default=None)


_current: ContextVar[Attempt | None] = ContextVar("runbell_attempt", default=None)


def current_attempt() -> Attempt | None:
    """Return the attempt under way in this thread, or None."""
    return _current.get()


def begin(task: AnyTask, run_id: str, args: Any, kwargs: dict[str, Any]) -> bool:
    """Claim the run for an attempt; return False if it must not be run now."""
    for connection in connections.all(initialized_only=True):
        # A connection kept from the last run may have died since; nobody but us checks it before this one.
        connection.close_if_unusable_or_obsolete()
    claim = record.claim(_stray(task, run_id, args, kwargs), claimant())
    if claim is None:
        return False
    _current.set(Attempt(claim, Recorder(claim, deferred=claim.dry_run)))
    return True


def finish(state: str | None, value: Any) -> None:
    """Write down how the attempt under way ended; ``state`` is Celery's word for it."""
    attempt = _current.get()
    if attempt is None:
        return
    _current.set(None)
    ending = _ending(attempt, state, value)
    if ending is not None:
        _insist(attempt, ending)


def _ending(attempt: Attempt, state: str | None, value: Any) -> Ending | None:
    now = timezone.now()
    if state == "SUCCESS":
        return _success(attempt, value)
    if state == "RETRY":
        cause = value.exc if isinstance(value, Retry) else value
        return Ending(Fact.RETRY, now, detail="another attempt will follow", error=_describe(cause) if cause else "")
    if state == "FAILURE" and isinstance(value, BaseException):
        return Ending(
            Fact.FAILURE, now, error=_describe(value), traceback=_traceback(value), rehearsal=attempt.rehearsal
        )
    if state == "IGNORED":
        return Ending(Fact.SUCCESS, now, detail="the task asked Celery to ignore its result")
    if state == "REJECTED":
        return Ending(Fact.FAILURE, now, detail="the task rejected its message")
    # The process is being ended: whoever ended it says so, or the reaper does.
    return None


def _success(attempt: Attempt, value: Any) -> Ending:
    outcome, limit = attempt.outcome, settings().RESULT_SIZE
    if outcome is None:
        return Ending(Fact.SUCCESS, timezone.now(), result=None if value is None else bounded(value, limit))
    return Ending(
        outcome.fact,
        timezone.now(),
        detail=outcome.message,
        processed=outcome.processed,
        failed=outcome.failed,
        result=bounded(outcome.evidence, limit),
        rehearsal=attempt.rehearsal,
    )


def _insist(attempt: Attempt, ending: Ending) -> None:
    """Write the end, trying again while the database is away; what cannot be written is left to the reaper."""
    for number in range(1, END_TRIES + 1):
        try:
            attempt.recorder.finish()
            if not record.ended(attempt.claim, ending):
                logger.warning("run %s ended as %s, but was ended otherwise before", attempt.claim.run_id, ending.fact)
        except DatabaseError:
            connections.close_all()
            if number == END_TRIES:
                logger.exception("the end of run %s could not be written", attempt.claim.run_id)
                return
            time.sleep(0.2 * 2**number)
        else:
            return


def _stray(task: AnyTask, run_id: str, args: Any, kwargs: dict[str, Any]) -> Stray:
    definition = catalog.find(task.name)
    delivery = task.request.delivery_info or {}
    params: dict[str, Any] = bounded(dict(kwargs), settings().RESULT_SIZE)
    if args:
        params = {**params, "*args": bounded(list(args), settings().RESULT_SIZE)}
    return Stray(
        run_id=run_id,
        task_name=definition.name if definition else task.name,
        celery_name=task.name,
        queue=(delivery.get("routing_key") or "")[:255],
        params=params,
        sender=clean_text(str(task.request.origin or "unknown"), 200),
    )


def _describe(error: BaseException) -> str:
    return clean_text(f"{type(error).__name__}: {error}", 2000)


def _traceback(error: BaseException) -> str:
    text = "".join(traceback.format_exception(error))
    limit = settings().TRACEBACK_SIZE
    kept = text if len(text) <= limit else f"… the first {len(text) - limit} characters are cut\n{text[-limit:]}"
    return clean_text(kept, limit + 100)
