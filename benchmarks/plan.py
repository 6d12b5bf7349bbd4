"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """How often, how long and on how much data; a smoke test shows only that the benchmarks work.

    Args:
        rounds: how often each figure is measured.
        seconds: how long each round of load lasts.
        warm_up: seconds of load before the first round.
        starts: how many runs are started in each round.
        runs: how many runs the ledger holds when pages are measured.
    """

    rounds: int = 5
    seconds: float = 5.0
    warm_up: float = 2.0
    starts: int = 60
    runs: int = 100_000


SMOKE = Plan(rounds=1, seconds=0.5, warm_up=0.2, starts=5, runs=2_000)
