"""Remembering for a moment what would otherwise be asked again and again."""

from __future__ import annotations

import math
import time
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

RENEW_AFTER = 0.5
"""The share of its time after which somebody asks anew for a value, while all others go on with the one there is."""


@dataclass
class _Kept(Generic[Value]):
    value: Value
    until: float
    renew_at: float


class ShortMemory(Generic[Key, Value]):
    """Keeps values for seconds, in this process alone. Safe to use from any thread.

    A value that is asked for all the time is renewed before it is forgotten, by one of those who ask: otherwise all
    that come at the moment of its end would go and ask at once.

    Args:
        size: how many it keeps; when it is full it begins anew.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: dict[Key, _Kept[Value]] = {}

    def keep(self, key: Key, value: Value, seconds: float) -> None:
        """Remember a value for that long; not at all for 0 seconds."""
        if seconds <= 0:
            return
        if key not in self._kept and len(self._kept) >= self._size:
            self._kept.clear()
        now = time.monotonic()
        self._kept[key] = _Kept(value, now + seconds, now + seconds * RENEW_AFTER)

    def get(self, key: Key) -> Value | None:
        """Return what is remembered, or None: nothing is, or whoever asks now is to ask anew and keep the answer."""
        now = time.monotonic()
        kept = self._kept.get(key)
        if kept is None or now >= kept.until:
            return None
        if now >= kept.renew_at:
            kept.renew_at = math.inf
            return None
        return kept.value

    def peek(self, key: Key) -> Value | None:
        """Return what is remembered, or None, without ever being the one who asks anew."""
        kept = self._kept.get(key)
        return kept.value if kept is not None and time.monotonic() < kept.until else None

    def forget(self, key: Key) -> None:
        """Remember it no longer."""
        self._kept.pop(key, None)
