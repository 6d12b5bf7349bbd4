"""The API: its document, its routers, and one way out for every error."""

from __future__ import annotations

from typing import Any, cast

from ninja import NinjaAPI

from runbell.api import openapi
from runbell.api.auth import guarded_by
from runbell.api.docs import Docs
from runbell.api.errors import respond
from runbell.api.links import NAMESPACE
from runbell.api.routers import audit, health, monitoring, pauses, run_actions, runs, stream, tasks, timeline, workers

VERSION = "1.0"
"""Version of the interface, not of the software: it changes when a client would notice."""

DESCRIPTION = """\
Run scheduled background tasks now, and see what became of every run.

Send an API token (`Authorization: Bearer rb_…`) or use the site's session; with a session, POST also needs Django's
CSRF token in `X-CSRFToken`. Everything that is refused is a problem document (RFC 9457). All times are UTC.
"""


class RunbellAPI(NinjaAPI):
    """Ninja's API, with a document that tells the truth about problem documents and bodies."""

    def set_default_exception_handlers(self) -> None:
        """Have one function answer every exception."""
        self.add_exception_handler(Exception, lambda request, error: respond(request, cast("Exception", error)))

    def get_openapi_schema(self, **options: Any) -> Any:
        """Return the OpenAPI document."""
        return openapi.complete(super().get_openapi_schema(**options))


api = RunbellAPI(
    title="Runbell",
    version=VERSION,
    description=DESCRIPTION,
    urls_namespace=NAMESPACE,
    auth=guarded_by(None),
    docs=Docs(),
)
for resource in (monitoring, tasks, pauses, timeline, runs, run_actions, stream, workers, audit, health):
    api.add_router("", resource.router)
