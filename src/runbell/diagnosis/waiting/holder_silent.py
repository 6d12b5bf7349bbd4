"""The worker that holds it has gone silent."""

from __future__ import annotations

from runbell.diagnosis.waiting.facts import WaitingFacts, living
from runbell.domain.states import State


def explain(facts: WaitingFacts) -> str | None:
    """Say that the worker that took it from the broker is gone; it is handed over again in a moment."""
    if facts.state != State.RECEIVED or any(worker.instance == facts.held_by for worker in living(facts)):
        return None
    return f"worker {facts.worker} that took it from the broker is silent; it will be handed to another one"
