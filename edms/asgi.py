"""The ASGI application: ``uvicorn edms.asgi:application``."""

from __future__ import annotations

import os

from runbell.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "edms.settings")

application = get_asgi_application()

from runbell.engine.startup import require_sound_declarations, warm_up  # noqa: E402 (Django must be set up before)

require_sound_declarations()
warm_up()
