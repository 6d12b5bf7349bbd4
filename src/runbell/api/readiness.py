"""Whether database and broker answer, asked by one request at a time.

Anybody may ask, and a database that does not answer holds up who asks it. So whoever comes while another asks is told
what was found the last time, and never takes a second thread.
"""

from __future__ import annotations

import logging
import threading

from django.db import Error as DatabaseError

from runbell.conf import get_dispatcher
from runbell.domain.errors import BrokerUnavailable
from runbell.queries.health import ping_ledger

logger = logging.getLogger(__name__)

BROKER_BUDGET = 0.5
"""Seconds that the broker may take to answer."""


class Readiness:
    """What is known of what the process needs, and the one who finds out."""

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._found = {"database": False, "broker": False}

    def states(self) -> dict[str, bool]:
        """Return for ``database`` and ``broker`` whether they answer, as found now or by the last who asked."""
        if self._asking.acquire(blocking=False):
            try:
                self._found = {"database": _database_answers(), "broker": _broker_answers()}
            finally:
                self._asking.release()
        return self._found


def _database_answers() -> bool:
    try:
        ping_ledger()
    except DatabaseError as error:
        logger.warning("the database does not answer: %s", error)
        return False
    return True


def _broker_answers() -> bool:
    try:
        get_dispatcher().ping(budget=BROKER_BUDGET)
    except BrokerUnavailable as error:
        logger.warning("the broker does not answer: %s", error)
        return False
    return True
