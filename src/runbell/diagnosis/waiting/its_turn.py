"""Its turn has not come: another run of its task must end first."""

from __future__ import annotations

from runbell.diagnosis.waiting.facts import WaitingFacts


def explain(facts: WaitingFacts) -> str | None:
    """Name the run in the way, and say how many wait before this one."""
    turn = facts.turn
    if turn is None:
        return None
    if not turn.run_id:
        return "its turn comes with the next tick"
    before = f"; {turn.ahead} more wait before it" if turn.ahead else ""
    return f"run {turn.run_id} of the same task, which is {turn.state}, must end first{before}"
