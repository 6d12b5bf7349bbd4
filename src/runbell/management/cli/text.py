"""How values look in tables for people."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

from runbell.conf import settings

_BLANK = "-"
_MINUTE = _HOUR = 60
_UNITS = (("d", 86400), ("h", 3600), ("min", 60))
"""Units with their seconds, largest first; each is used from twice its size on."""


def cell(value: object) -> str:
    """Return a value as one line without control characters, which could otherwise drive the terminal."""
    if value is None or value == "":
        return _BLANK
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, list | tuple):
        return ", ".join(cell(item) for item in value) or _BLANK
    return "".join(" " if unicodedata.category(char).startswith("C") else char for char in str(value))


def moment(at: datetime | None) -> str:
    """Return an aware time in the site's time zone, to the second, with the zone's abbreviation."""
    return f"{at.astimezone(ZoneInfo(settings().SITE_TIME_ZONE)):%Y-%m-%d %H:%M:%S %Z}" if at else _BLANK


def relative(at: datetime | None, now: datetime) -> str:
    """Return an aware time as it lies from ``now``, in the unit that matters: ``"in 12 min"``, ``"3 d ago"``."""
    if at is None:
        return _BLANK
    seconds = (at - now).total_seconds()
    away = abs(seconds)
    unit, size = next(((unit, size) for unit, size in _UNITS if away >= 2 * size), ("s", 1))
    text = f"{round(away / size)} {unit}"
    return f"in {text}" if seconds > 0 else f"{text} ago"


def duration(seconds: float | None) -> str:
    """Return a duration in the two units that matter: ``"0.43 s"``, ``"2 m 05 s"``, ``"3 h 10 m"``."""
    if seconds is None:
        return _BLANK
    if seconds < _MINUTE:
        return f"{seconds:.2f} s"
    minutes, rest = divmod(round(seconds), _MINUTE)
    return f"{minutes} m {rest:02d} s" if minutes < _HOUR else f"{minutes // _HOUR} h {minutes % _HOUR:02d} m"


def display_width(text: str) -> int:
    """Return how many columns of a terminal ``text`` takes: wide characters take two, combining ones none."""
    return sum(_char_width(char) for char in text)


def shorten(text: str, width: int) -> str:
    """Return ``text`` cut to ``width`` columns, with an ellipsis where it was cut."""
    if display_width(text) <= width:
        return text
    kept, used = "", 1
    for char in text:
        used += _char_width(char)
        if used > width:
            break
        kept += char
    return f"{kept}…"


def _char_width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
