"""Why a moment passed without a run: what is known of the tickers at that time, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_SHORT = timedelta(minutes=2)
_SLACK = timedelta(seconds=30)
"""How far two processes may disagree on when the database went away."""


@dataclass(frozen=True)
class Span:
    """A time during which some ticker reached the database without a pause.

    Args:
        since, until: when it began and when a ticker was last heard of in it.
        tried_since: since when the ticker that began it had tried without a pause, in vain before ``since``.
    """

    since: datetime
    until: datetime
    tried_since: datetime


def why_missed(moment: datetime, spans: Sequence[Span], now: datetime) -> str:
    """Return what kept tickers from firing at ``moment``, which they noticed at ``now``.

    Args:
        moment: when a schedule was due.
        spans: when tickers were at work, in any order.
        now: when it was noticed.
    """
    last = max((span.until for span in spans if span.since <= moment), default=None)
    if last is not None and last >= moment:
        return f"tickers were alive, but none fired it before {now:%Y-%m-%d %H:%M:%S} UTC"
    later = [span for span in spans if span.since > moment]
    back = min(later, key=lambda span: (span.since, span.tried_since), default=None)
    end = back.since if back else now
    if last is None:
        return f"no ticker was alive before {end:%Y-%m-%d %H:%M} UTC, as far as is known"
    tried = max(last, min(end, back.tried_since if back else end))
    if tried - last <= _SLACK < end - tried:
        return f"no ticker reached the database {_from(last, end)}"
    if end - tried <= _SLACK:
        return f"no ticker was alive {_from(last, end)}"
    return f"no ticker was alive {_from(last, tried)}, and none reached the database {_from(tried, end)}"


def _from(begin: datetime, end: datetime) -> str:
    clock = "%H:%M:%S" if end - begin < _SHORT else "%H:%M"
    if begin.date() == end.date():
        return f"from {begin:{clock}} to {end:{clock}} UTC on {begin:%Y-%m-%d}"
    return f"from {begin:%Y-%m-%d} {begin:{clock}} to {end:%Y-%m-%d} {end:{clock}} UTC"
