"""The broker does not answer."""

from __future__ import annotations

from runbell.diagnosis.waiting.facts import WaitingFacts, living
from runbell.domain.states import State


def explain(facts: WaitingFacts) -> str | None:
    """Say since when the broker cannot be reached; what a worker holds already does not need it."""
    since = facts.broker_unreachable_since
    if since is None or facts.state == State.RECEIVED or not living(facts):
        return None
    day = "" if since.date() == facts.at.date() else f"{since:%Y-%m-%d} "
    return f"broker unreachable since {day}{since:%H:%M:%S} UTC"
