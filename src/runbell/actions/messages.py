"""What a worker must be told of a run."""

from __future__ import annotations

from runbell.domain.dispatch import Message
from runbell.ledger.drafts import Draft
from runbell.ledger.rows import Run


def message_of(run: Run | Draft, attempts: int = 0) -> Message:
    """Return the message of a run after so many ``attempts``. One that was started once does not expire any more."""
    return Message(
        run_id=run.task_id,
        celery_name=run.celery_name,
        queue=run.queue,
        params=run.params,
        expires_at=None if attempts else run.expires_at,
        dry_run=run.dry_run,
        retries=attempts,
    )
