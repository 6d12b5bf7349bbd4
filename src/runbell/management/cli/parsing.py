"""Reading what is typed: parameters, times, counts. A wrong value is a usage error, exit code 2."""

from __future__ import annotations

import json
from argparse import ArgumentTypeError
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from runbell.conf import settings
from runbell.management.cli.exit_codes import CommandFailed, ExitCode

MAX_DAYS = 36_500
_UNITS = {"m": 60, "h": 3600, "d": 86400}


def parse_params(assignments: list[str]) -> dict[str, Any]:
    """Return ``["days=7", "name=Ada"]`` as ``{"days": 7, "name": "Ada"}``: JSON where it is JSON, else text.

    Raises:
        CommandFailed: if one has no ``=``, or a name comes twice.
    """
    params: dict[str, Any] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals or not name:
            raise CommandFailed(ExitCode.USAGE, f"--param {assignment!r}: write it as name=value")
        if name in params:
            raise CommandFailed(ExitCode.USAGE, f"--param {name} is given twice")
        params[name] = _value(value)
    return params


def parse_moment(text: str) -> datetime:
    """Return an aware time from ``2026-01-16``, ``2026-01-16T09:00``, the same with an offset, or ``24h`` ago.

    A time without an offset is in the site's time zone.
    """
    try:
        moment = _ago(text) or datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise ArgumentTypeError(f"{text!r} is neither a time (2026-01-16T09:00) nor an age (30m, 24h, 7d)") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(settings().SITE_TIME_ZONE))


def parse_end(text: str) -> datetime:
    """Return an aware time as ``parse_moment`` does, but take ``2h`` as two hours from now."""
    try:
        age = _age(text)
        return parse_moment(text) if age is None else timezone.now() + age
    except (ValueError, OverflowError) as error:
        raise ArgumentTypeError(f"{text!r} lies too far ahead") from error


def positive(text: str) -> int:
    """Return a whole number of 1 or more."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return int(text)


def days(text: str) -> int:
    """Return a whole number of days, 1 or more and at most a hundred years."""
    if len(text) > len(str(MAX_DAYS)) or positive(text) > MAX_DAYS:
        raise ArgumentTypeError(f"{text[:40]!r} is not a number of days from 1 to {MAX_DAYS}")
    return int(text)


def seconds(text: str) -> float:
    """Return a duration in seconds, 0 or more."""
    try:
        value = float(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a number of seconds") from error
    if not 0 <= value < float("inf"):
        raise ArgumentTypeError(f"{text!r} is not a duration")
    return value


def _ago(text: str) -> datetime | None:
    age = _age(text)
    return None if age is None else timezone.now() - age


def _age(text: str) -> timedelta | None:
    number, unit = text[:-1], text[-1:]
    if unit not in _UNITS or not number.isdecimal():
        return None
    return timedelta(seconds=int(number) * _UNITS[unit])


def _value(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=lambda name: name)
    except ValueError:
        return text
