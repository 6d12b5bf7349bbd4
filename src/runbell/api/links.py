"""Addresses inside the API, wherever a project mounts it."""

from __future__ import annotations

from urllib.parse import quote

from django.urls import reverse

NAMESPACE = "runbell-api"


class Links:
    """Makes the paths of one request's answer; asks the URL configuration once."""

    def __init__(self) -> None:
        self.root = reverse(f"{NAMESPACE}:api-root")

    def run(self, run_id: str) -> str:
        """Return the path of a run."""
        return f"{self.root}runs/{quote(run_id, safe='')}/"

    def task(self, name: str) -> str:
        """Return the path of a task."""
        return f"{self.root}tasks/{quote(name, safe='')}/"

    def runs_of(self, name: str) -> str:
        """Return the path of a task's history."""
        return f"{self.root}runs/?task={quote(name, safe='')}"
