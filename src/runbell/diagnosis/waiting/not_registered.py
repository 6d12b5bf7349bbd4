"""The workers that consume its queue do not know its task."""

from __future__ import annotations

from runbell.diagnosis.waiting.facts import WaitingFacts, consumers
from runbell.domain.states import State


def explain(facts: WaitingFacts) -> str | None:
    """Say that the task is not registered where its messages go."""
    there = consumers(facts)
    if facts.state == State.RECEIVED or any(facts.celery_name in worker.tasks for worker in there):
        return None
    return f"task not registered on worker {', '.join(worker.name for worker in there[:3])}"
