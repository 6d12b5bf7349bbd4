"""The ASGI application: ``uvicorn edms.asgi:application``."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "edms.settings")
os.environ.setdefault("EDMS_DB_POOL", "1")  # each request runs on a thread of its own, which would connect anew

application = get_asgi_application()

from runbell.engine.startup import require_sound_declarations  # noqa: E402 (Django must be set up before)

require_sound_declarations()
