"""Writing down when tickers were at work."""

from __future__ import annotations

from datetime import datetime, timedelta

from runbell.domain.silence import Span
from runbell.models import TickerSpan

MAX_SPANS = 1000
"""How many spans are kept; a new one begins only after a silence."""


def note(now: datetime, tried_since: datetime, longest_pause: timedelta) -> None:
    """Write down that a ticker is at work: the newest span goes on, or after a pause a new one begins.

    Two tickers that begin one at the same moment do no harm: spans may overlap.
    """
    newest = TickerSpan.objects.order_by("-until").first()
    if newest is not None and now - newest.until <= longest_pause:
        TickerSpan.objects.filter(pk=newest.pk, until__lt=now).update(until=now)
        return
    TickerSpan.objects.create(since=now, until=now, tried_since=tried_since)
    _forget_oldest()


def spans_until(moment: datetime) -> list[Span]:
    """Return the spans that began by that moment, oldest first."""
    rows = TickerSpan.objects.filter(since__lte=moment).order_by("-until")[: 2 * MAX_SPANS]
    return sorted((Span(row.since, row.until, row.tried_since) for row in rows), key=lambda span: span.since)


def _forget_oldest() -> None:
    kept = TickerSpan.objects.order_by("-until").values_list("pk", flat=True)[:MAX_SPANS]
    TickerSpan.objects.exclude(pk__in=list(kept)).delete()
