"""Addresses inside the API, wherever a project mounts it."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

NAMESPACE = "runbell-api"


class Links:
    """Makes the paths of one request's answer; the URL configuration is asked once in a process."""

    def __init__(self) -> None:
        self.root = _root(get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF)

    def run(self, run_id: str) -> str:
        """Return the path of a run."""
        return f"{self.root}runs/{quote(run_id, safe='')}/"

    def task(self, name: str) -> str:
        """Return the path of a task."""
        return f"{self.root}tasks/{quote(name, safe='')}/"

    def runs_of(self, name: str) -> str:
        """Return the path of a task's history."""
        return f"{self.root}runs/?task={quote(name, safe='')}"


@lru_cache(maxsize=16)
def _root(prefix: str, configuration: str) -> str:  # noqa: ARG001 (it depends on them)
    return reverse(f"{NAMESPACE}:api-root")
