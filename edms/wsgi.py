"""The WSGI application, for servers that speak nothing else."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "edms.settings")

application = get_wsgi_application()

from runbell.engine.startup import require_sound_declarations  # noqa: E402 (Django must be set up before)

require_sound_declarations()
