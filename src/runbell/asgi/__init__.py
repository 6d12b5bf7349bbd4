"""The ASGI application for projects that use Runbell. Use it where you would use ``django.core.asgi``::

from runbell.asgi import get_asgi_application

application = get_asgi_application()
"""

from __future__ import annotations

from typing import Any

import django

from runbell.asgi.handler import MAX_BODY, ThreadedHandler

__all__ = ["MAX_BODY", "ThreadedHandler", "get_asgi_application"]


def get_asgi_application(max_body: int = MAX_BODY) -> Any:
    """Set Django up and return its ASGI application.

    Args:
        max_body: the largest request body that is read, in bytes; raise it where a project takes larger uploads.
    """
    django.setup(set_prefix=False)
    from runbell.asgi.express import Express  # noqa: PLC0415 (its models are not there before Django is set up)

    return Express(ThreadedHandler(max_body=max_body))
