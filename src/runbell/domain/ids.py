"""Identifiers: those of runs, which sort by the time they were made, and tags of messages."""

from __future__ import annotations

import os
import time
import uuid
from collections import deque


def new_run_id() -> str:
    """Return a new run id: a UUID of version 7 as text, so that neighbours in time are neighbours in an index.

    Layout from RFC 9562, section 5.7: 48 bits of Unix milliseconds, 4 of version, 12 random, 2 of variant,
    62 random.
    """
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | int.from_bytes(_random_bytes()[-10:], "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def new_tag() -> str:
    """Return a new UUID of version 4 as text: 122 random bits (RFC 9562, section 5.4)."""
    return str(uuid.UUID(bytes=_random_bytes(), version=4))


class _Store:
    """Random bytes of the operating system's, fetched in stock: each visit there may cost a change of thread."""

    SIZE = 16
    STOCK = 256

    def __init__(self) -> None:
        self.pieces: deque[bytes] = deque()
        # A child must not draw what its parent draws as well.
        os.register_at_fork(after_in_child=self.pieces.clear)

    def take(self) -> bytes:
        try:
            return self.pieces.pop()
        except IndexError:
            fetched = os.urandom(self.SIZE * self.STOCK)
            own, *rest = (fetched[start : start + self.SIZE] for start in range(0, len(fetched), self.SIZE))
            self.pieces.extend(rest)
            return own


_random_bytes = _Store().take
