"""The attempt that is under way in this thread: from its claim to its end."""

from __future__ import annotations

import logging
import time
import traceback
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from celery.exceptions import Retry
from django.db import DatabaseError, DataError, connections
from django.utils import timezone

from runbell.actions import record
from runbell.actions.record import Claim, Ending, Stray
from runbell.catalog import catalog
from runbell.conf import settings
from runbell.domain.jsonable import bounded, clean_text
from runbell.domain.outcome import Outcome
from runbell.domain.states import Fact
from runbell.engine.application import AnyTask
from runbell.engine.connections import note_use, refresh
from runbell.engine.identity import claimant
from runbell.engine.recorder import Recorder

logger = logging.getLogger(__name__)

END_TRIES = 15
"""How often the end of an attempt is tried to be written while the database is away: about a minute."""
LONGEST_PAUSE = 5.0


@dataclass
class Attempt:
    """One attempt under way, and what it found out about itself."""

    claim: Claim
    recorder: Recorder
    outcome: Outcome | None = None
    rehearsal: dict[str, Any] | None = field(default=None)


_current: ContextVar[Attempt | None] = ContextVar("runbell_attempt", default=None)
_alive: dict[tuple[str, int], Attempt] = {}
"""All attempts under way in this process, by run and number."""


def current_attempt() -> Attempt | None:
    """Return the attempt under way in this thread, or None."""
    return _current.get()


def begin(task: AnyTask, run_id: str, args: Any, kwargs: dict[str, Any]) -> bool:
    """Claim the run for an attempt; return False if it must not be run now.

    A message is believed only as far as the ledger bears it out: a declared task is run with the ledger's parameters, a
    plain one not at all if its message has others.
    """
    refresh(record.database())
    stray = _stray(task, run_id, args, kwargs)
    claim = record.claim(stray, claimant())
    note_use(record.database())
    if claim is None:
        return False
    if _is_plain(task.name) and claim.params != stray.params:
        text = "the message's parameters are not the ledger's"
        record.ended(claim, Ending(Fact.FAILURE, timezone.now(), detail=text, error=text))
        return False
    attempt = Attempt(claim, Recorder(claim, deferred=claim.dry_run))
    _alive[claim.run_id, claim.attempt] = attempt
    _current.set(attempt)
    return True


def fence(run_id: str, number: int) -> None:
    """Have an attempt under way in this process learn that it no longer counts."""
    attempt = _alive.get((run_id, number))
    if attempt is not None:
        attempt.recorder.stale = True


def _is_plain(celery_name: str) -> bool:
    definition = catalog.find(celery_name)
    return definition is None or definition.params_model is None


def finish(run_id: str, state: str | None, value: Any) -> None:
    """Write down how the attempt under way ended; ``state`` is Celery's word for it.

    A task that another one called in its own process has no attempt, and ends none.
    """
    attempt = _current.get()
    if attempt is None or attempt.claim.run_id != run_id:
        return
    _current.set(None)
    _alive.pop((run_id, attempt.claim.attempt), None)
    ending = _ending(attempt, state, value)
    if ending is not None:
        _insist(attempt, ending)


def _ending(attempt: Attempt, state: str | None, value: Any) -> Ending | None:
    """Return what is to be written down; None if the process is being ended, which others tell of."""
    if state == "SUCCESS":
        return _success(attempt, value)
    if state == "RETRY":
        return _retried(attempt, value)
    if state == "FAILURE" and isinstance(value, BaseException):
        error, trace = _describe(value), _traceback(value)
        return Ending(Fact.FAILURE, timezone.now(), error=error, traceback=trace, rehearsal=attempt.rehearsal)
    silent = _SILENT_ENDS.get(state or "")
    return Ending(silent[0], timezone.now(), detail=silent[1]) if silent else None


_SILENT_ENDS = {
    "IGNORED": (Fact.SUCCESS, "the task asked Celery to ignore its result"),
    "REJECTED": (Fact.FAILURE, "the task rejected its message"),
}


def _retried(attempt: Attempt, value: Any) -> Ending:
    if attempt.claim.dry_run:
        text = "it asked to be retried, which a rehearsal is not"
        return Ending(Fact.FAILURE, timezone.now(), detail=text, error=text, rehearsal=attempt.rehearsal)
    cause = value.exc if isinstance(value, Retry) else value
    error = _describe(cause) if cause else ""
    now = timezone.now()
    return Ending(Fact.RETRY, now, detail="another attempt will follow", error=error, next_at=_moment(value, now))


def _moment(retry: Any, now: datetime) -> datetime:
    """Return when Celery will have the next attempt started: it says a moment, or seconds from now."""
    when = getattr(retry, "when", None)
    if isinstance(when, datetime):
        return when if when.tzinfo else timezone.make_aware(when)
    return now + timedelta(seconds=float(when or 0))


def _success(attempt: Attempt, value: Any) -> Ending:
    outcome, limit = attempt.outcome, settings().RESULT_SIZE
    if outcome is None:
        result = None if value is None else bounded(value, limit)
        return Ending(Fact.SUCCESS, timezone.now(), result=result, rehearsal=attempt.rehearsal)
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
            if not record.ended(attempt.claim, ending, attempt.recorder.close()):
                logger.warning("run %s ended as %s, but was ended otherwise before", attempt.claim.run_id, ending.fact)
            note_use(record.database())
        except DataError:
            logger.exception("the end of run %s holds what the database cannot keep", attempt.claim.run_id)
            text = "it ended, but what it left behind could not be kept; the worker's log has more"
            ending = Ending(Fact.FAILURE, ending.at, detail=text, error=text)
        except DatabaseError:
            connections.close_all()
            if number == END_TRIES:
                logger.exception("the end of run %s could not be written", attempt.claim.run_id)
                return
            time.sleep(min(LONGEST_PAUSE, 0.2 * 2**number))
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
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 (an exception's own code may raise anything)
        text = "(its message cannot be shown)"
    return clean_text(f"{type(error).__name__}: {text}", 2000)


def _traceback(error: BaseException) -> str:
    try:
        text = "".join(traceback.format_exception(error))
    except Exception:  # noqa: BLE001 (as above)
        text = "".join(traceback.format_tb(error.__traceback__))
    limit = settings().TRACEBACK_SIZE
    kept = text if len(text) <= limit else f"… the first {len(text) - limit} characters are cut\n{text[-limit:]}"
    return clean_text(kept, limit + 100)
