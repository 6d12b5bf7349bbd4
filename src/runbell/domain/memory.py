"""Remembering for a moment what would otherwise be asked again and again."""

from __future__ import annotations

import time
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class ShortMemory(Generic[Key, Value]):
    """Keeps values for seconds, in this process alone. Safe to use from any thread.

    Args:
        size: how many it keeps; when it is full it begins anew.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: dict[Key, tuple[float, Value]] = {}

    def keep(self, key: Key, value: Value, seconds: float) -> None:
        """Remember a value for that long; not at all for 0 seconds."""
        if seconds <= 0:
            return
        if len(self._kept) >= self._size:
            self._kept.clear()
        self._kept[key] = (time.monotonic() + seconds, value)

    def get(self, key: Key) -> Value | None:
        """Return what is remembered, or None."""
        kept = self._kept.get(key)
        return kept[1] if kept is not None and time.monotonic() < kept[0] else None

    def forget(self, key: Key) -> None:
        """Remember it no longer."""
        self._kept.pop(key, None)
