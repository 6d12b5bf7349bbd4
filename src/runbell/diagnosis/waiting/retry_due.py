"""Its next attempt is not due yet."""

from __future__ import annotations

from runbell.diagnosis.waiting.facts import WaitingFacts
from runbell.domain.states import State


def explain(facts: WaitingFacts) -> str | None:
    """Say when the next attempt is due."""
    if facts.state == State.RETRY and facts.next_attempt_at is not None and facts.next_attempt_at > facts.at:
        return f"its next attempt is due at {facts.next_attempt_at:%H:%M:%S} UTC"
    return None
