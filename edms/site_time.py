"""Dates of the site: a document becomes effective at midnight where it is used, not in UTC."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


def site_zone() -> ZoneInfo:
    """Return the zone in which the documents' dates begin and end."""
    return ZoneInfo(settings.SITE_TIME_ZONE)


def site_today() -> date:
    """Return the date that it is now at the site."""
    return timezone.now().astimezone(site_zone()).date()


def start_of_day(day: date) -> datetime:
    """Return the aware moment at which ``day`` begins at the site."""
    return datetime.combine(day, time.min, tzinfo=site_zone())
