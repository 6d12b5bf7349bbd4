"""All slots of the workers that could run it are busy."""

from __future__ import annotations

from collections.abc import Sequence

from runbell.diagnosis.waiting.facts import WaitingFacts, WorkerFacts, consumers, listed
from runbell.domain.states import State


def explain(facts: WaitingFacts) -> str | None:
    """Say with what, and since when, if no worker that could run it has a free slot."""
    workers = _candidates(facts)
    if not workers or any(len(worker.busy) < worker.slots for worker in workers):
        return None
    return listed([_worker(worker) for worker in workers])


def _candidates(facts: WaitingFacts) -> Sequence[WorkerFacts]:
    """Return the one that holds it, or all that may take it."""
    there = consumers(facts)
    if facts.state == State.RECEIVED:
        return [worker for worker in facts.workers if worker.instance == facts.held_by]
    return there


def _worker(worker: WorkerFacts) -> str:
    longest = max(worker.busy, key=lambda slot: slot.seconds or 0.0)
    since = f" since {longest.seconds:.0f} s" if longest.seconds is not None else ""
    busy = min(len(worker.busy), worker.slots)
    return f"{busy} of {worker.slots} slots of worker {worker.name} are busy with {longest.task_title}{since}"
