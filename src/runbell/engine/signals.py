"""What Celery's signals tell: which runs were received, ended or killed, and when a worker starts and stops."""

from __future__ import annotations

import logging
from typing import Any

from celery import signals
from celery.exceptions import WorkerLostError
from django.db import DatabaseError
from django.utils import timezone

from runbell.actions.record import Observation
from runbell.conf import settings
from runbell.domain.jsonable import clean_text
from runbell.domain.states import Fact
from runbell.engine import attempts, farewell, fencing, forked, heartbeat, identity, logs, parents, sessions, ticker
from runbell.engine.facts import writer
from runbell.engine.startup import require_fit_pool, require_sound_declarations
from runbell.engine.task import Task

logger = logging.getLogger(__name__)

UID = "runbell"


def connect() -> None:
    """Listen to Celery, once."""
    for signal, receiver in (
        (signals.worker_init, _on_worker_init),
        (signals.worker_process_init, _on_process_init),
        (signals.worker_ready, _on_worker_ready),
        (signals.worker_shutting_down, _on_worker_shutting_down),
        (signals.worker_shutdown, _on_worker_shutdown),
        (signals.task_received, _on_received),
        (signals.task_prerun, _on_prerun),
        (signals.task_postrun, _on_postrun),
        (signals.task_failure, _on_failure),
        (signals.task_revoked, _on_revoked),
        (signals.task_unknown, _on_unknown),
    ):
        signal.connect(receiver, weak=False, dispatch_uid=UID)


def _on_worker_init(sender: Any = None, **_: Any) -> None:
    require_sound_declarations()
    require_fit_pool(getattr(sender, "pool_cls", None))
    identity.become_worker(str(sender.hostname))
    sessions.leave_no_locks_behind()
    logs.install()


def _on_process_init(**_: Any) -> None:
    logs.install()
    parents.end_with_the_main_process()
    forked.leave_if_forked_while_the_parent_wrote()


def _on_worker_ready(sender: Any = None, **_: Any) -> None:
    """Celery sends the consumer, which knows the worker it belongs to."""
    farewell.hear_them_out(sender.controller.pool)
    if settings().TICKER:
        ticker.start_in_worker(heartbeat.WorkerVitals(sender.controller))


def _on_worker_shutting_down(**_: Any) -> None:
    """Celery calls this inside a signal handler: nothing is done here but to note it."""
    ticker.leave_worker()


def _on_worker_shutdown(**_: Any) -> None:
    """All runs have ended, or were ended. What is known of them is written before the ledger asks for the rest."""
    writer.flush(2.0)
    ticker.stop_in_worker()
    writer.flush(2.0)


def _on_received(request: Any = None, **_: Any) -> None:
    if request is not None:
        writer.received(request.id)


def _on_prerun(task_id: str = "", task: Any = None, args: Any = (), kwargs: Any = None, **_: Any) -> None:
    """Record a task that does not have Runbell's base class. Such a one cannot be refused here, only recorded."""
    if isinstance(task, Task) or task.request.is_eager or task.name.startswith("celery."):
        return
    try:
        attempts.begin(task, task_id, args, kwargs or {})
    except DatabaseError:
        logger.exception("run %s is not recorded, the database is away", task_id)


def _on_postrun(task_id: str = "", state: str | None = None, retval: Any = None, **_: Any) -> None:
    attempts.finish(task_id, state, retval)


def _on_failure(task_id: str = "", exception: BaseException | None = None, **_: Any) -> None:
    """A failure that no attempt in this process is under way for is one that a child could not tell of itself."""
    if attempts.current_attempt() is not None or exception is None or fencing.is_silenced(task_id):
        return
    fact = Fact.LOST if isinstance(exception, WorkerLostError) else Fact.FAILURE
    text = clean_text(f"{type(exception).__name__}: {exception}", 500)
    _observe(task_id, fact, text, {"error": text})


def _on_revoked(
    sender: Any = None, request: Any = None, terminated: bool = False, expired: bool = False, **_: Any
) -> None:
    """Of the request that Celery gives here only its id is sure; the task is the sender."""
    if expired:
        _observe(request.id, Fact.EXPIRED, "its time ran out before a worker had a free slot", task=sender.name)
    elif terminated and fencing.is_silenced(request.id):
        return
    elif terminated:
        _observe(request.id, Fact.REVOKED, "its process was ended on request", task=sender.name)
    else:
        _observe(request.id, Fact.REVOKED, "revoked before it started", task=sender.name)


def _on_unknown(id: str = "", name: str = "", **_: Any) -> None:  # noqa: A002 (Celery names the argument)
    """The worker that took the message does not have the task: a stale registry, the run cannot go anywhere."""
    text = f"worker {identity.worker_name()} does not know the task {name}"
    _observe(id, Fact.FAILURE, text, {"error": text}, task=name)


def _observe(run_id: str, fact: Fact, detail: str, changes: dict[str, Any] | None = None, *, task: str = "") -> None:
    writer.observed(Observation(run_id, fact, timezone.now(), identity.worker_name(), detail, changes, task))
