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
        connections: how many at once when triggers are measured.
        starts: how many runs are started in each round.
        busy: seconds for which the worker is busy while somebody waits for it.
        waits: seconds for which the original request waits for a result.
        records: how many no-op tasks each system executes, over all rounds.
        sizes: how many runs the ledger holds when pages are measured, in ascending order.
        embedded_runs: the same for SQLite.
        page: which page is compared with the first one.
        workers: how many workers are looked at.
        browsers: how many listen.
        events: how many events a second they are told of.
        memory_runs: how many runs go by while a web process is watched.
        memory_tasks: how many tasks Flower is told of, at most.
        memory_seconds: for how long Flower is told of tasks, at most.
        schedules: how many schedules there are.
        rows: how many rows of the ledger are pruned, over all rounds.
    """

    rounds: int = 5
    seconds: float = 1.2
    warm_up: float = 0.6
    connections: tuple[int, ...] = (1, 16, 64)
    starts: int = 30
    busy: float = 40.0
    waits: float = 30.0
    records: int = 20_000
    sizes: tuple[int, ...] = (10_000, 100_000, 1_000_000, 10_000_000)
    embedded_runs: int = 100_000
    page: int = 1_000
    workers: tuple[int, ...] = (1, 10, 100)
    browsers: tuple[int, ...] = (1, 100, 500)
    events: int = 50
    memory_runs: int = 1_000_000
    memory_tasks: int = 60_000
    memory_seconds: float = 10.0
    schedules: tuple[int, ...] = (10, 1_000, 10_000)
    rows: int = 1_000_000


SMOKE = Plan(
    rounds=1,
    seconds=0.5,
    warm_up=0.2,
    connections=(1, 16),
    starts=3,
    busy=8.0,
    waits=1.5,
    records=100,
    sizes=(1_000, 4_000),
    embedded_runs=1_000,
    page=3,
    workers=(1, 3),
    browsers=(1, 20),
    events=50,
    memory_runs=4_000,
    memory_tasks=500,
    memory_seconds=3.0,
    schedules=(10, 30),
    rows=5_000,
)
