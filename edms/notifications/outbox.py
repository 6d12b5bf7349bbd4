"""The one door through which mail leaves: after the commit of what it tells of, never before."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.mail import EmailMessage
from django.db import transaction

from runbell.engine.rehearsal import is_rehearsing

logger = logging.getLogger(__name__)

OnFailure = Callable[[Exception], None]


def send_after_commit(message: EmailMessage, *, on_failure: OnFailure | None = None) -> None:
    """Send ``message`` once the transaction under way is committed; at once if there is none.

    A rehearsal never commits; there the message is handed over at once, and Runbell keeps it instead of sending it.

    Args:
        message: what to send.
        on_failure: called with the error if the message could not be sent, after it was logged.
    """
    if is_rehearsing():
        message.send()
        return
    transaction.on_commit(lambda: _send(message, on_failure))


def _send(message: EmailMessage, on_failure: OnFailure | None) -> None:
    try:
        message.send()
    except Exception as error:  # (what is committed stays committed, whatever the mail server says)
        logger.exception("the mail %r could not be sent", message.subject)
        if on_failure is not None:
            on_failure(error)
