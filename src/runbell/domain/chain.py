"""The audit chain: how an entry is written down byte by byte, and how entries hold one another."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

GENESIS = "0" * 64
"""What stands for the predecessor of the first entry."""


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return the one byte form of an entry's content: JSON, keys sorted, no spaces, ASCII only.

    The content must hold nothing but text, whole numbers, booleans, None, lists and mappings with text keys, so that
    every database gives back what was put in.
    """
    return _CANONICAL.encode(content).encode()


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def sign(key: bytes, data: bytes) -> str:
    """Return the HMAC-SHA-256 of ``data`` as 64 hexadecimal digits (RFC 2104, FIPS 180-4)."""
    return hmac.new(key, data, hashlib.sha256).hexdigest()


def is_signed(keys: list[bytes], data: bytes, signature: str) -> bool:
    """Return whether any of ``keys`` made ``signature`` over ``data``; compares in constant time."""
    return any(hmac.compare_digest(sign(key, data), signature) for key in keys)


def link(sequence: int, previous_hash: str, content: bytes) -> str:
    """Return the SHA-256 that seals an entry: of its place, its predecessor's hash and its own content."""
    digest = hashlib.sha256()
    digest.update(f"{sequence}:{previous_hash}:".encode())
    digest.update(content)
    return digest.hexdigest()
