"""The one path by which a run comes to be: one transaction, then the dispatcher."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db import IntegrityError

from runbell.actions.messages import message_of
from runbell.actions.release import hasten
from runbell.conf import get_dispatcher, settings
from runbell.domain.dispatch import Handover, Message
from runbell.domain.errors import BrokerUnavailable, IdempotencyConflict, LineFull, Overlap
from runbell.domain.states import State
from runbell.domain.tasks import Overlap as OverlapPolicy
from runbell.ledger import places, runs
from runbell.ledger.drafts import Draft
from runbell.ledger.rows import Run

logger = logging.getLogger(__name__)

MAX_IN_LINE = 100
"""How many runs of one task may wait in line; further ones are refused."""

TRIES = 5
"""How often a run is opened anew when the one in its way ended before it could be named."""


ANSWER_WITHIN = 0.4
"""Seconds from a trigger's beginning after which the broker is waited for no more, however long the rest took: a
process' first trigger fills the catalogue and connects to the database."""
SHORTEST_WAIT = 0.05


def wait_until(committed_at: float, begun: float) -> float:
    """Return until when a trigger waits for the broker, monotonic seconds.

    Args:
        committed_at: when its run was in the ledger, monotonic seconds.
        begun: when work on it began, monotonic seconds.
    """
    left = max(SHORTEST_WAIT, begun + ANSWER_WITHIN - committed_at)
    return committed_at + min(settings().PUBLISH_BUDGET, left)


class Replay(Exception):
    """The same request was made before; carries the run that it made."""

    def __init__(self, run: Run) -> None:
        super().__init__(run.task_id)
        self.run = run


@dataclass(frozen=True)
class Submitted:
    """Where a run stands a moment after it was written.

    Args:
        status: ``"queued"``, ``"accepted"`` or ``"waiting"``; see ``actions.trigger.Triggered``.
        waits_for: id of the run in the way, or "".
    """

    status: str
    waits_for: str = ""


def submit(draft: Draft) -> Submitted:
    """Write the run and publish it after the commit, or when its turn has come.

    Raises:
        Replay: if the idempotency key was used for the same request.
        IdempotencyConflict: if it was used for another one.
        Overlap: if another run is in the way; LineFull if too many wait in line.
    """
    return _line_up(draft) if draft.lines_up else Submitted("queued" if _publish(draft) else "accepted")


def status_of(run: Run) -> str:
    """Return where a run stands, in the words of an answer to a trigger."""
    if run.in_line:
        return "waiting"
    return "accepted" if run.state == State.ACCEPTED else "queued"


def in_the_way_of(run: Run) -> str:
    """Return the id of the run that holds the place for which ``run`` waits in line, or ""."""
    holder = runs.find_in_the_way(run.in_line) if run.in_line else None
    return holder.task_id if holder else ""


def _line_up(draft: Draft) -> Submitted:
    """Have the run wait in line, and give it the place at once if that is free."""
    line = places.line_of(draft.task.name)
    if draft.task.overlap is OverlapPolicy.QUEUE and line.holder and line.length >= MAX_IN_LINE:
        raise LineFull(draft.task.name, line.holder, MAX_IN_LINE)
    _open(replace(draft, explanation=line.in_words(), publish_after=None))
    if draft.run_id in hasten(draft.task.name):
        return Submitted("queued")
    run = runs.find(draft.run_id)
    return Submitted(status_of(run), in_the_way_of(run)) if run else Submitted("accepted")


def _publish(draft: Draft) -> bool:
    publication = Publication(message_of(draft), draft.begun)
    _open(draft, committed=publication.begin)
    return publication.confirmed()


def _open(draft: Draft, committed: Callable[[], None] | None = None) -> None:
    for number in range(1, TRIES + 1):
        try:
            runs.open_run(draft, committed)
        except IntegrityError as error:
            _explain(draft, error, last=number == TRIES)
        else:
            return


class Publication:
    """A message that is handed to the dispatcher at the moment of the commit, in whichever thread that happens.

    Inside a caller's transaction the commit comes when the caller has long gone on; then nobody else waits for it.
    """

    def __init__(self, message: Message, begun: float) -> None:
        self._message = message
        self._begun = begun
        self._handover: Handover | None = None
        self._left_alone = False

    def begin(self) -> None:
        """Begin to hand it over."""
        self._handover = get_dispatcher().hand_over(self._message)
        if self._left_alone:
            self.confirmed()

    def confirmed(self) -> bool:
        """Wait for the broker within the budget; return whether it has the message. The relay does the rest."""
        if self._handover is None:
            self._left_alone = True
            return False
        try:
            now = time.monotonic()
            self._handover.wait(wait_until(now, self._begun) - now)
        except BrokerUnavailable as error:
            logger.warning("run %s waits in the ledger: %s", self._message.run_id, error)
            return False
        return True


def _explain(draft: Draft, error: IntegrityError, *, last: bool) -> None:
    """Raise what was in the way; return if it is gone by now and it is worth another try."""
    if draft.idempotency_key is not None:
        earlier = runs.find_by_key(draft.actor.name, draft.idempotency_key)
        if earlier is not None and earlier.request_hash == draft.request_hash:
            raise Replay(earlier) from error
        if earlier is not None:
            raise IdempotencyConflict(earlier.task_id) from error
    in_the_way = runs.find_in_the_way(draft.task.name) if draft.exclusive else None
    if in_the_way is not None:
        raise Overlap(draft.task.name, in_the_way.task_id) from error
    if last or not draft.exclusive:
        raise error
