"""Seal audit entries into the chain."""

from __future__ import annotations

from runbell.ledger import audit

MAX_BATCHES = 10
"""How many transactions one call makes; with a tick a second one ticker keeps up with thousands of entries a second."""


def seal_audit() -> int:
    """Seal the entries that are not in the chain yet, a bounded number; return how many."""
    sealed = 0
    for _ in range(MAX_BATCHES):
        batch = audit.seal()
        sealed += batch
        if batch < audit.MAX_SEAL:
            break
    return sealed
