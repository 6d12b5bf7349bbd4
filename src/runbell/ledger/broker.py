"""Writing down what the broker said, by one ticker at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError
from django.db.models import F
from django.db.models.functions import Coalesce

from runbell.models import Broker

NAME = "default"


@dataclass(frozen=True)
class Answer:
    """What the broker said when it was last asked: when that was, and how many messages waited in each queue."""

    at: datetime
    depths: Mapping[str, int]


def take_turn(now: datetime, every: timedelta) -> Answer | None:
    """Return the broker's last answer if it is this caller's turn to ask it; None if another did a moment ago."""
    row = Broker.objects.filter(name=NAME).first()
    if row is None:
        return _first_turn(now)
    if row.checked_at > now - every:
        return None
    if not Broker.objects.filter(name=NAME, checked_at=row.checked_at).update(checked_at=now):
        return None
    return Answer(row.checked_at, row.depths)


def answered(depths: Mapping[str, int]) -> None:
    """Write down that the broker answers, and what waits in it."""
    Broker.objects.filter(name=NAME).update(unreachable_since=None, depths=dict(depths))


def unreachable(since: datetime) -> None:
    """Write down that the broker does not answer; the moment at which that began stays."""
    Broker.objects.filter(name=NAME).update(unreachable_since=Coalesce(F("unreachable_since"), since), depths={})


def _first_turn(now: datetime) -> Answer | None:
    try:
        Broker.objects.create(name=NAME, checked_at=now)
    except IntegrityError:
        return None
    return Answer(now, {})
