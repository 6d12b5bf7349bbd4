"""The one path by which a run comes to be: one transaction, then the dispatcher."""

from __future__ import annotations

import logging

from django.db import IntegrityError

from runbell.actions.messages import message_of
from runbell.conf import get_dispatcher, settings
from runbell.domain.dispatch import Handover, Message
from runbell.domain.errors import BrokerUnavailable, IdempotencyConflict, Overlap
from runbell.ledger import runs
from runbell.ledger.drafts import Draft
from runbell.ledger.rows import Run

logger = logging.getLogger(__name__)


TRIES = 5
"""How often a run is opened anew when the one in its way ended before it could be named."""


class Replay(Exception):
    """The same request was made before; carries the run that it made."""

    def __init__(self, run: Run) -> None:
        super().__init__(run.task_id)
        self.run = run


def submit(draft: Draft) -> bool:
    """Write the run, publish it after the commit, and return whether the broker confirmed it already.

    Raises:
        Replay: if the idempotency key was used for the same request.
        IdempotencyConflict: if it was used for another one.
        Overlap: if another run is in the way.
    """
    publication = _Publication(message_of(draft))
    for number in range(1, TRIES + 1):
        try:
            runs.open_run(draft, committed=publication.begin)
            break
        except IntegrityError as error:
            _explain(draft, error, last=number == TRIES)
    return publication.confirmed()


class _Publication:
    """A message that is handed to the dispatcher at the moment of the commit, in whichever thread that happens.

    Inside a caller's transaction the commit comes when the caller has long gone on; then nobody else waits for it.
    """

    def __init__(self, message: Message) -> None:
        self._message = message
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
            self._handover.wait(settings().PUBLISH_BUDGET)
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
