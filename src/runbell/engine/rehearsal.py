"""A dry run that runs the code: everything it writes is rolled back, and what it would have sent is kept.

What a rollback cannot undo is out of reach: files, calls to other systems, sequences. That is why a task must say that
it can be rehearsed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from contextvars import ContextVar
from typing import Any, TypeVar

from celery import Celery
from django.conf import settings as django_settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connections, transaction
from django.utils.module_loading import import_string

from runbell.domain.jsonable import clean_text
from runbell.engine.application import celery_app
from runbell.engine.changes import ChangeCapture

Value = TypeVar("Value")

MAX_MESSAGES = 100
"""How many mails and sub-tasks of a rehearsal are listed; all are counted."""


class Rehearsal:
    """One dry run: what it would have changed and sent."""

    def __init__(self) -> None:
        self._captures: dict[str, ChangeCapture] = {}
        self._mails: list[dict[str, Any]] = []
        self._tasks: list[dict[str, Any]] = []
        self._mail_count = self._task_count = self._hooks = 0

    def run(self, body: Callable[[], Value]) -> Value:
        """Run ``body`` inside transactions over all databases, roll them back, and return what it returned."""
        guard_mail()
        guard_sub_tasks(celery_app())
        token = _current.set(self)
        try:
            with ExitStack() as stack:
                for alias in connections:
                    self._enclose(alias, stack)
                return body()
        finally:
            _current.reset(token)

    def report(self) -> dict[str, Any]:
        """Return what would have happened, JSON-ready: changes per model, mails, sub-tasks, hooks."""
        return {
            "changes": [change for capture in self._captures.values() for change in capture.report()],
            "mails": {"count": self._mail_count, "listed": self._mails},
            "tasks": {"count": self._task_count, "listed": self._tasks},
            "hooks_after_commit": self._hooks,
        }

    def keep_mails(self, messages: Iterable[EmailMessage]) -> int:
        """Keep messages instead of sending them; return how many, as a mail backend does."""
        count = 0
        for message in messages:
            count += 1
            if len(self._mails) < MAX_MESSAGES:
                recipients = [clean_text(address, 254) for address in message.recipients()[:20]]
                self._mails.append({"to": recipients, "subject": clean_text(str(message.subject), 200)})
        self._mail_count += count
        return count

    def keep_task(self, celery_name: str) -> None:
        """Keep the name of a task that would have been sent."""
        self._task_count += 1
        if len(self._tasks) < MAX_MESSAGES:
            self._tasks.append({"task": celery_name})

    def _enclose(self, alias: str, stack: ExitStack) -> None:
        connection = connections[alias]
        capture = self._captures[alias] = ChangeCapture(connection)
        stack.enter_context(transaction.atomic(using=alias))
        stack.callback(self._undo, alias)
        stack.enter_context(connection.execute_wrapper(capture))

    def _undo(self, alias: str) -> None:
        self._hooks += len(connections[alias].run_on_commit)
        transaction.set_rollback(True, using=alias)


_current: ContextVar[Rehearsal | None] = ContextVar("runbell_rehearsal", default=None)


def is_rehearsing() -> bool:
    """Return whether the code that asks runs inside a rehearsal."""
    return _current.get() is not None


def guard_mail() -> None:
    """Have every mail backend that is loaded hand its messages to the rehearsal under way, if there is one."""
    import_string(django_settings.EMAIL_BACKEND)
    waiting = [BaseEmailBackend]
    while waiting:
        backend = waiting.pop()
        waiting += backend.__subclasses__()
        send = backend.__dict__.get("send_messages")
        if send is not None and not hasattr(send, "runbell_guard"):
            backend.send_messages = _guarded_send(send)  # type: ignore[method-assign]


def guard_sub_tasks(app: Celery) -> None:
    """Have messages that are about to be published handed to the rehearsal under way, if there is one."""
    send = app.amqp.send_task_message
    if hasattr(send, "runbell_guard"):
        return

    def guarded(producer: Any, name: str, message: Any, **options: Any) -> Any:
        rehearsal = _current.get()
        return send(producer, name, message, **options) if rehearsal is None else rehearsal.keep_task(name)

    guarded.runbell_guard = True  # type: ignore[attr-defined]
    app.amqp.send_task_message = guarded  # type: ignore[misc] # a cached property, which may be replaced


def _guarded_send(send: Callable[..., Any]) -> Callable[..., Any]:
    def send_messages(self: BaseEmailBackend, email_messages: Any) -> Any:
        rehearsal = _current.get()
        return send(self, email_messages) if rehearsal is None else rehearsal.keep_mails(email_messages)

    send_messages.runbell_guard = True  # type: ignore[attr-defined]
    return send_messages
