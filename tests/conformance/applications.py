"""Where the setting ``CELERY_APP`` finds the application of the broker under test."""

from __future__ import annotations

from celery import Celery

current = Celery("conformance", set_as_current=False)
"""Replaced for each test by an application on the broker under test."""
