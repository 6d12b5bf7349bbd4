"""Nobody was there when its time ran out: what is the matter now says nothing about then."""

from __future__ import annotations

from datetime import timedelta

from runbell.diagnosis.findings import utc
from runbell.diagnosis.waiting.facts import WaitingFacts

PATIENCE = timedelta(seconds=20)


def explain(facts: WaitingFacts) -> str | None:
    """Say that no ticker was alive, if the run's time ran out long before anybody noticed."""
    if facts.expires_at is None or facts.at - facts.expires_at < PATIENCE:
        return None
    heard = f"; the last one was heard of at {utc(facts.last_heartbeat_at)}" if facts.last_heartbeat_at else ""
    return f"no ticker was alive when its time ran out{heard}"
