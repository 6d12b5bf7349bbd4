"""Identifiers that sort by the time they were made."""

from __future__ import annotations

import os
import time
import uuid


def new_run_id() -> str:
    """Return a new run id: a UUID of version 7 as text, so that neighbours in time are neighbours in an index.

    Layout from RFC 9562, section 5.7: 48 bits of Unix milliseconds, 4 of version, 12 random, 2 of variant,
    62 random.
    """
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))
