"""Refusing to start on declarations that cannot work.

Neither a Celery worker nor an ASGI server stops for Django's system checks; a worker runs them and drops the findings.
"""

from __future__ import annotations

import gc
import logging
import threading
from contextlib import suppress
from typing import Any

from django.core.checks import run_checks
from django.db import DEFAULT_DB_ALIAS, connections

from runbell.catalog import catalog
from runbell.conf import get_dispatcher
from runbell.domain.errors import BrokerUnavailable

logger = logging.getLogger(__name__)

TAG = "runbell"


def require_sound_declarations() -> None:
    """Return if Runbell's system checks find no error.

    Call it where a server makes its application: at the end of ``asgi.py`` or ``wsgi.py``. Workers do it themselves.

    Raises:
        SystemExit: with every error and its hint, if there is one.
    """
    errors = [message for message in run_checks(tags=[TAG]) if message.is_serious()]
    if errors:
        raise SystemExit("\n".join(["Runbell cannot start:", *(str(error) for error in errors)]))


def require_fit_pool(pool: object) -> None:
    """Return if runs can be kept in order on a worker's pool; say so where they can, but hold each other up.

    Args:
        pool: the pool's class.

    Raises:
        SystemExit: if they cannot.
    """
    kind = str(getattr(pool, "__module__", pool)).rpartition(".")[2]
    if kind == "eventlet":
        raise SystemExit(
            "Runbell cannot start: it does not work with the pool eventlet; use gevent, threads or prefork"
        )
    database: Any = connections[DEFAULT_DB_ALIAS]
    if kind == "gevent" and database.Database.__name__ != "psycopg":
        logger.warning(
            "the pool gevent stands still while one of its runs waits for %s; use threads or prefork, or psycopg 3",
            database.display_name,
        )


def warm_up() -> threading.Thread:
    """Connect to the broker and fill the catalogue in the background: the first trigger shall not wait for it.

    What fails is tried again by whoever needs it, and said then. What is loaded by then stays while the process lives;
    the garbage collector is told so, which would otherwise walk through all of it in the middle of requests.
    """

    def connect() -> None:
        len(catalog)
        with suppress(BrokerUnavailable):
            get_dispatcher().ping(budget=10.0)
        gc.collect()
        gc.freeze()

    thread = threading.Thread(target=connect, name="runbell-warm-up", daemon=True)
    thread.start()
    return thread
