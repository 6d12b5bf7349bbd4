"""The reference project: the scheduler of a document management system for regulated companies."""

from __future__ import annotations

from edms.celery import app as celery_app

__all__ = ["celery_app"]
