"""Write many runs in one go, and publish them together after the commit."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import replace

from django.db import IntegrityError, transaction

from runbell.actions.messages import message_of
from runbell.actions.submit import submit
from runbell.conf import get_dispatcher
from runbell.domain.dispatch import Message
from runbell.domain.errors import BrokerUnavailable
from runbell.domain.errors import Overlap as InTheWay
from runbell.domain.states import State
from runbell.domain.tasks import Overlap
from runbell.ledger import runs
from runbell.ledger.drafts import Draft

logger = logging.getLogger(__name__)

PUBLISH_BUDGET = 2.0
"""Seconds that a batch may take to be published; nobody waits for it but the ticker, and the relay does the rest."""
_PLAIN = frozenset({Overlap.ALLOW, Overlap.SKIP})
"""Overlap policies that constraints of the database decide; the others have something to do for each run."""


def submit_all(drafts: Sequence[Draft]) -> int:
    """Write these runs, and the rows that are none, in the transaction under way; return how many are runs.

    Where a run is in the way of one, a ``SKIPPED`` row names it.
    """
    together = [draft for draft in drafts if _is_plain(draft)]
    alone = [draft for draft in drafts if not _is_plain(draft)]
    try:
        runs.open_runs(together)
    except IntegrityError:
        return sum(_submit(draft) for draft in drafts)
    messages = [message_of(draft) for draft in together if _is_run(draft)]
    if messages:
        transaction.on_commit(lambda: _publish(messages))
    return len(messages) + sum(_submit(draft) for draft in alone)


def _is_plain(draft: Draft) -> bool:
    return not _is_run(draft) or draft.task.overlap in _PLAIN


def _is_run(draft: Draft) -> bool:
    return draft.state is State.ACCEPTED


def _submit(draft: Draft) -> bool:
    """Write one row; return whether it is a run."""
    if not _is_run(draft):
        runs.open_run(draft)
        return False
    try:
        submit(draft)
    except InTheWay as overlap:
        text = f"run {overlap.details['conflicting_run']} was still waiting or running"
        runs.open_run(replace(draft, state=State.SKIPPED, explanation=text, exclusive=False, publish_after=None))
        return False
    return True


def _publish(messages: Sequence[Message]) -> None:
    """Hand all over before waiting for any, so that they can go together."""
    deadline = time.monotonic() + PUBLISH_BUDGET
    try:
        for handover in [get_dispatcher().hand_over(message) for message in messages]:
            handover.wait(max(0.0, deadline - time.monotonic()))
    except BrokerUnavailable as error:
        logger.warning("of %d runs some wait in the ledger: %s", len(messages), error)
