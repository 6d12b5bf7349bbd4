"""Refusing to start on declarations that cannot work.

Neither a Celery worker nor an ASGI server stops for Django's system checks; a worker runs them and drops the findings.
"""

from __future__ import annotations

import gc
import threading
from contextlib import suppress

from django.core.checks import run_checks

from runbell.catalog import catalog
from runbell.conf import get_dispatcher
from runbell.domain.errors import BrokerUnavailable

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
