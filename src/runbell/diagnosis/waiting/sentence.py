"""What a run waits for, in one sentence: the first rule that has something to say."""

from __future__ import annotations

from collections.abc import Mapping

from runbell.diagnosis.waiting import (
    broker_unreachable,
    holder_silent,
    its_turn,
    late_judgement,
    not_registered,
    on_its_way,
    queue_not_consumed,
    retry_due,
    slots_busy,
)
from runbell.diagnosis.waiting.facts import WaitingFacts

RULES = (
    late_judgement,
    its_turn,
    retry_due,
    broker_unreachable,
    queue_not_consumed,
    not_registered,
    holder_silent,
    slots_busy,
    on_its_way,
)
"""In the order in which a run would meet what keeps it."""


def waiting_for(facts: WaitingFacts | None) -> str | None:
    """Return what a run waits for; None for one that does not wait, of which there are no facts."""
    if facts is None:
        return None
    return next((said for rule in RULES if (said := rule.explain(facts))), None)


def sentences(facts: Mapping[str, WaitingFacts]) -> dict[str, str]:
    """Return what each of several runs waits for, by the run's id."""
    return {run_id: waiting_for(each) or "" for run_id, each in facts.items()}
