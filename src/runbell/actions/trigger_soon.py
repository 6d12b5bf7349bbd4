"""Ask for a run without waiting in a thread: what ``trigger`` does for a caller that was let in a moment ago."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from runbell.actions.messages import message_of
from runbell.actions.submit import SHORTEST_WAIT, wait_until
from runbell.actions.trigger import Triggered, check_request, draft_for
from runbell.conf import get_dispatcher, settings
from runbell.domain.actors import Actor
from runbell.domain.dispatch import Handover
from runbell.domain.errors import BrokerUnavailable
from runbell.domain.params import is_checked_plainly
from runbell.domain.tasks import LINES_UP, TaskDefinition
from runbell.ledger import runs
from runbell.ledger.drafts import Draft

Settled = Callable[[Triggered | BaseException], None]
"""Takes what became of a request, or the exception that kept its run out of the ledger."""


def can_trigger_soon(task: TaskDefinition) -> bool:
    """Return whether ``trigger_soon`` may be called: nothing is waited for before its run is handed to the ledger."""
    return (
        settings().TRIGGERS_PER_MINUTE is None
        and task.overlap not in LINES_UP
        and is_checked_plainly(task.params_model)
        and get_dispatcher().hands_over_at_once
        and runs.can_open_soon()
    )


class Submission:
    """A run on its way into the ledger and to the broker."""

    def __init__(self, draft: Draft, settled: Settled) -> None:
        self._draft, self._settled = draft, settled
        self._handover: Handover | None = None
        self._committed_at = 0.0
        self.may_be_tried_anew = draft.exclusive or draft.idempotency_key is not None
        """Whether an ``IntegrityError`` means that another run was in the way, and not that the answer got lost."""

    def begin(self) -> None:
        """Have the run written and, after the commit, handed over."""
        runs.open_run_soon(self._draft, self._committed, self._settled)

    def give_up(self) -> float:
        """Wait for the broker no longer if its time is over, for the relay does the rest; return the seconds it has."""
        if self._handover is None:
            return SHORTEST_WAIT
        until = wait_until(self._committed_at, self._draft.begun)
        left = until - time.monotonic()
        if left <= 0:
            self._tell(self._handover)
        return left

    def _committed(self) -> None:
        self._committed_at = time.monotonic()
        self._handover = handover = get_dispatcher().hand_over(message_of(self._draft))
        handover.when_settled(partial(self._tell, handover))

    def _tell(self, handover: Handover) -> None:
        try:
            handover.wait(0)
        except BrokerUnavailable:
            status = "accepted"
        else:
            status = "queued"
        draft = self._draft
        self._settled(
            Triggered(
                run_id=draft.run_id,
                task=draft.task,
                status=status,
                requested_at=draft.requested_at,
                dry_run=draft.dry_run,
                actor_name=draft.actor.display_name,
            )
        )


def trigger_soon(
    task: TaskDefinition,
    *,
    actor: Actor,
    params: dict[str, Any],
    dry_run: bool,
    reason: str,
    idempotency_key: str | None,
    settled: Settled,
) -> Submission:
    """Ask for a run of a task that the actor was let trigger before; return at once. Only if ``can_trigger_soon``.

    Args:
        task: the task.
        actor: who asks.
        params, dry_run, reason, idempotency_key: as for ``trigger``.
        settled: called with what became of it, or with the exception: once, or twice if it is given up meanwhile; from
            any thread, and without waiting.

    Raises:
        InvalidParams, RehearsalUnavailable: if the task cannot be run so; nothing is written then.
    """
    checked = check_request(task, params, dry_run=dry_run, reason=reason)
    draft = draft_for(task, actor, checked, dry_run=dry_run, reason=reason, idempotency_key=idempotency_key)
    submission = Submission(draft, settled)
    submission.begin()
    return submission
