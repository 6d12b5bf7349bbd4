"""What became of every run that was accepted: judged by what the tasks wrote, not by what the ledger says of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any

from tests.support.live import LiveSystem
from tests.support.witness.testimony import FINISH, START, Word

SAFE = frozenset({"witness_again", "witness_clock_again"})
"""The tasks that may be started again if their worker dies."""
WITH_A_REASON = frozenset({"LOST", "EXPIRED", "REVOKED", "FAILURE", "MISSED", "SKIPPED"})
_A_SECOND = timedelta(seconds=1)


@dataclass
class Verdict:
    """How many runs there were of each kind, and the ids of those that must not be."""

    accepted: int = 0
    """Runs that a caller or a schedule was promised."""
    once: int = 0
    """Runs whose code ran from its start to its end once, in one attempt."""
    repeated: int = 0
    """Runs of tasks that are safe to repeat with a second attempt, that ended in the end."""
    lost_with_reason: int = 0
    """Runs that did not end, and of which the ledger says why."""
    twice: list[str] = field(default_factory=list)
    """Runs that had more attempts than they may have."""
    lost_without: list[str] = field(default_factory=list)
    """Runs of which nobody knows."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Why runs were lost, by state."""

    @property
    def adds_up(self) -> bool:
        """Whether every run is of one kind."""
        kinds = self.once + self.repeated + self.lost_with_reason + len(self.twice) + len(self.lost_without)
        return self.accepted == kinds

    @property
    def good(self) -> bool:
        """Whether the promises were kept."""
        return self.adds_up and self.accepted > 0 and not self.twice and not self.lost_without


def count(system: LiveSystem, answered: Iterable[str], testimony: Iterable[Word]) -> Verdict:
    """Judge every run that a caller was answered with 202 for, and every moment of the schedules."""
    ledger = _ledger(system)
    verdict = Verdict()
    spoken: dict[str, list[Word]] = defaultdict(list)
    for word in testimony:
        spoken[word.run_id].append(word)
    for run_id in {*answered, *ledger, *spoken}:
        verdict.accepted += 1
        _judge(verdict, run_id, spoken[run_id], ledger.get(run_id))
    for gap in _gaps(ledger.values()):
        verdict.accepted += 1
        verdict.lost_without.append(gap)
    return verdict


def unfinished(system: LiveSystem) -> int:
    """Return how many runs have no end yet."""
    statement = "SELECT count(*) FROM runbell_run WHERE task_name LIKE %s AND finished_at IS NULL"
    found: int = system.query(statement, ["witness%"])[0][0]
    return found


def _judge(verdict: Verdict, run_id: str, spoken: list[Word], row: dict[str, Any] | None) -> None:
    starts = [word for word in spoken if word.what == START]
    ended = any(word.what == FINISH for word in spoken)
    if len(starts) > 1 and (starts[0].task not in SAFE or _beside_each_other(spoken)):
        verdict.twice.append(f"{run_id}: {spoken}")
    elif row is None:
        verdict.lost_without.append(f"{run_id}: not in the ledger")
    elif ended and len(starts) == 1:
        verdict.once += 1
    elif ended:
        verdict.repeated += 1
    elif row["state"] in WITH_A_REASON and row["why"]:
        verdict.lost_with_reason += 1
        verdict.reasons[f"{row['state']}"] += 1
    else:
        verdict.lost_without.append(f"{run_id}: {row}")


def _beside_each_other(spoken: list[Word]) -> bool:
    """Return whether an attempt went on after the next one had begun, or two were one."""
    latest: dict[int, int] = {}
    for position, word in enumerate(spoken):
        if word.what == START and word.attempt in latest:
            return True
        latest[word.attempt] = position
    begun = {word.attempt: position for position, word in enumerate(spoken) if word.what == START}
    attempts = sorted(begun)
    return any(latest[earlier] > begun[later] for earlier, later in pairwise(attempts))


def _ledger(system: LiveSystem) -> dict[str, dict[str, Any]]:
    statement = """
        SELECT task_id, state, explanation, error, schedule_name, due_at FROM runbell_run WHERE task_name LIKE %s
    """
    return {
        run_id: {"state": state, "why": explanation or error, "schedule": schedule, "due_at": due_at}
        for run_id, state, explanation, error, schedule, due_at in system.query(statement, ["witness%"])
    }


def _gaps(rows: Iterable[dict[str, Any]]) -> list[str]:
    """Return the moments of schedules that have no row, between the first and the last that have one."""
    moments = defaultdict(set)
    for row in rows:
        if row["due_at"] is not None:
            moments[row["schedule"]].add(row["due_at"])
    gaps = []
    for schedule, due in moments.items():
        moment, last = min(due), max(due)
        while (moment := moment + _A_SECOND) < last:
            if moment not in due:
                gaps.append(f"{schedule} at {moment}: no row")
    return gaps
