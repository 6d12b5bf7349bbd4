"""The smallest Django project with Celery, for peers that are Django apps. Run by their interpreters, not by ours."""

from benchmarks.peers.project.celery import app

__all__ = ["app"]
