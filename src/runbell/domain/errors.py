"""Everything that Runbell refuses, each with what the caller can do about it.

Every error carries a ``message`` for people and ``details`` for programs. The API turns them into problem
documents, the command line into exit codes; neither invents a text of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class RunbellError(Exception):
    """Base of all errors that a caller caused or can do something about."""

    code = "error"

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class UnknownTask(RunbellError):
    """No task answers to that spelling."""

    code = "unknown-task"

    def __init__(self, spelling: str, available: Sequence[str]) -> None:
        super().__init__(f"Unknown task: {spelling[:200]}", available_tasks=list(available))


class AmbiguousTask(RunbellError):
    """A short spelling that several Celery paths end in."""

    code = "ambiguous-task"

    def __init__(self, spelling: str, candidates: Sequence[str]) -> None:
        super().__init__(
            f"Several tasks answer to {spelling[:200]}; give the full path", available_tasks=list(candidates)
        )


class InvalidParams(RunbellError):
    """Parameters that the task's signature does not take. ``errors``: a list of ``{"field", "message"}``."""

    code = "invalid-params"

    def __init__(self, errors: list[dict[str, str]]) -> None:
        fields = ", ".join(error["field"] for error in errors)
        super().__init__(f"The parameters were refused: {fields}", errors=errors)


class RehearsalUnavailable(RunbellError):
    """A dry run of a task that has none."""

    code = "rehearsal-unavailable"

    def __init__(self, task_name: str) -> None:
        super().__init__(
            f"{task_name} has no dry run",
            errors=[{"field": "dry_run", "message": "this task has no dry run"}],
        )


class PermissionDenied(RunbellError):
    """The actor is known, but may not do this."""

    code = "permission-denied"

    def __init__(self, permission: str) -> None:
        super().__init__(f"This needs the permission {permission}", permission=permission)


class Overlap(RunbellError):
    """Another run of the task is in the way and the task's overlap policy forbids a second one."""

    code = "overlap"

    def __init__(self, task_name: str, run_id: str) -> None:
        super().__init__(
            f"{task_name} is already waiting or running, and its overlap policy allows one at a time",
            conflicting_run=run_id,
        )


class LineFull(Overlap):
    """As many runs of the task wait in line as are allowed. ``retry_after``: whole seconds to wait."""

    code = "line-full"

    def __init__(self, task_name: str, run_id: str, limit: int, retry_after: int = 30) -> None:
        super().__init__(task_name, run_id)
        self.message = f"{limit} runs of {task_name} wait in line already, and no more may"
        self.args = (self.message,)
        self.details["retry_after"] = retry_after


class IdempotencyConflict(RunbellError):
    """An idempotency key that was used for a different request."""

    code = "idempotency-conflict"

    def __init__(self, run_id: str) -> None:
        super().__init__(
            "This Idempotency-Key was already used for a different request; use a new key",
            conflicting_run=run_id,
            errors=[{"field": "Idempotency-Key", "message": "already used for a different request"}],
        )


class RateLimited(RunbellError):
    """More triggers than the configured limit. ``retry_after``: whole seconds to wait."""

    code = "rate-limited"

    def __init__(self, limit: int, retry_after: int) -> None:
        super().__init__(f"At most {limit} triggers a minute; try again later", retry_after=retry_after)


class RunNotFound(RunbellError):
    """No run has that id."""

    code = "unknown-run"

    def __init__(self, run_id: str) -> None:
        super().__init__(f"Unknown run: {run_id[:200]}")


class NotPossible(RunbellError):
    """A verb that the run's state does not allow (cancelling what is finished, retrying what is not)."""

    code = "not-possible"


class NotPaused(RunbellError):
    """Resuming what is not paused."""

    code = "not-paused"

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no pause of {what}")


class InvalidFilter(RunbellError):
    """A filter or a cursor that cannot be read."""

    code = "invalid-filter"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}", errors=[{"field": field, "message": message}])


class UnknownToken(RunbellError):
    """No API token has that prefix."""

    code = "unknown-token"


class UnknownUser(RunbellError):
    """No user has that name."""

    code = "unknown-user"


class BrokerUnavailable(RunbellError):
    """The broker did not take a message or did not answer within the time allowed."""

    code = "broker-unavailable"
