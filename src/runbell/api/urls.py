"""Addresses of the API alone: ``path("api/v1/scheduler/", include("runbell.api.urls"))``."""

from __future__ import annotations

from runbell.api.boundary import contained
from runbell.api.links import NAMESPACE
from runbell.api.main import api

app_name = NAMESPACE
urlpatterns = contained(api.urls[0])
