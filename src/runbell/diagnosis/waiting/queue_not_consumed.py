"""Nobody consumes its queue."""

from __future__ import annotations

from runbell.diagnosis.waiting.facts import SILENT_AFTER, WaitingFacts, consumers, listed, living
from runbell.domain.states import State


def explain(facts: WaitingFacts) -> str | None:
    """Say that no living worker consumes the queue, and what there is instead."""
    if facts.state == State.RECEIVED or consumers(facts):
        return None
    others = [f"worker {worker.name} consumes {_queues(worker.queues)}" for worker in living(facts)]
    silent = [
        f"worker {worker.name} consumes it, and has been silent for {worker.seconds_silent:.0f} s"
        for worker in facts.workers
        if worker.seconds_silent > SILENT_AFTER and facts.queue in worker.queues
    ]
    seen = [*others, *silent] or ["no worker is alive"]
    return f"no live worker consumes queue {facts.queue}; {listed(seen)}"


def _queues(names: object) -> str:
    return ", ".join(names) if isinstance(names, tuple | list) and names else "nothing"
