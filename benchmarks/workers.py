"""How long the overview of workers takes, beside asking the workers themselves.

The workers are rows that say what real ones say once a second, written by the same action, with one active run each.
``inspect`` is asked of real workers on the same Redis, ten at most: it waits its whole timeout, however many answer.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from benchmarks.figures import Figure
from benchmarks.load import Load, Sample, send
from benchmarks.peers.inspect import InspectedWorkers
from benchmarks.plan import Plan
from benchmarks.systems import WITH_WORK, script, servers, system
from tests.support.live import API, LiveSystem

DATABASE = 13
INSPECTED = 10


def measure(plan: Plan) -> list[Figure]:
    """Measure it with ever more workers."""
    figures: list[Figure] = []
    with servers() as on, system(on, "workers", WITH_WORK) as live:
        for real, counts in groupby(plan.workers, lambda count: min(count, INSPECTED)):
            with InspectedWorkers(real, on.redis.url(DATABASE), live.folder) as inspected:
                figures += _beside(live, inspected, plan, list(counts))
    return figures


def _beside(live: LiveSystem, inspected: InspectedWorkers, plan: Plan, counts: list[int]) -> list[Figure]:
    """Measure all numbers of workers beside which as many real ones are asked, these in turn with the first of them."""
    figures: list[Figure] = []
    theirs: list[tuple[float, int]] = []
    for count in counts:
        ours = []
        for number in range(plan.rounds):
            ours.append(_ask(live, plan, count))
            if number == len(theirs):
                theirs.append(inspected.ask())
        figures += _figures(count, ours, [seconds for seconds, _ in theirs], theirs[-1][1])
    return figures


def _ask(live: LiveSystem, plan: Plan, count: int) -> Sample:
    """Let so many workers say that they live, and ask for the overview of them."""
    listed = int(script(live, "heartbeats", str(count)))
    if listed != count:
        raise RuntimeError(f"the overview lists {listed} workers of {count}")
    headers = {"Authorization": f"Bearer {live.token}"}
    load = Load(live.port, f"{API}workers/", 1, plan.seconds / 2, 200, headers=headers)
    send(replace(load, seconds=plan.warm_up / 5))
    return send(load)


def _figures(count: int, ours: list[Sample], theirs: list[float], answered: int) -> list[Figure]:
    name = f"{count} worker{'s' if count > 1 else ''}"
    return [
        Figure(f"{name}, p50", [one.percentile(0.5) * 1000 for one in ours], "ms", plotted=True),
        Figure(f"{name}, p95", [one.percentile(0.95) * 1000 for one in ours], "ms", at_most=20),
        Figure(f"{name}, inspect ({answered} answered)", [one * 1000 for one in theirs], "ms", plotted=True),
    ]
