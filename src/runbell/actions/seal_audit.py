"""Seal audit entries into the chain."""

from __future__ import annotations

from runbell.ledger import audit


def seal_audit() -> int:
    """Seal the entries that are not in the chain yet, a bounded number; return how many."""
    return audit.seal()
