"""Begin the audit chain of a new database."""

from __future__ import annotations

from typing import Any

from runbell.ledger import audit


def begin_audit(using: str = "default", **_: Any) -> None:
    """Make the end of an empty chain, after the tables were made or emptied; receives Django's ``post_migrate``."""
    audit.begin_chain(using)
