"""Addresses of the console, and of the API below it: ``path("scheduler/", include("runbell.urls"))``.

A project that wants them apart includes ``runbell.console.urls`` and ``runbell.api.urls``, each once.
"""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("runbell.api.urls")),
    path("", include("runbell.console.urls")),
]
