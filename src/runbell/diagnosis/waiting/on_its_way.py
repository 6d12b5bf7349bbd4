"""Nothing keeps it: it is on its way from the ledger to a slot."""

from __future__ import annotations

from runbell.diagnosis.waiting.facts import WaitingFacts, consumers
from runbell.domain.states import State


def explain(facts: WaitingFacts) -> str | None:
    """Say where it is."""
    if facts.state == State.RECEIVED:
        return f"worker {facts.worker} holds it and starts it next"
    names = ", ".join(worker.name for worker in consumers(facts)[:3])
    if facts.state == State.QUEUED:
        return f"it is in queue {facts.queue}, which worker {names} consumes"
    return "it is being handed to the broker"
