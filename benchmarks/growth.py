"""One ledger on PostgreSQL that grows from size to size, and what its pages take at each: filling it takes longest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from benchmarks.asking import ask_history, ask_status
from benchmarks.load import Sample
from benchmarks.plan import Plan
from benchmarks.systems import WITH_WORK, script, servers, system
from benchmarks.work import ANEW
from tests.support.live import LiveSystem

FEW, MANY = 20, 200


@dataclass(frozen=True)
class Visit:
    """What was measured at one size.

    Args:
        runs: how many the ledger held.
        status: the overview, made anew at every request.
        status_kept: the same while nothing happens; measured at the largest size only.
        first, later: pages of the history, the first ones and those far behind.
        queries: how many the overview takes with many and with few tasks; counted at the largest size only.
    """

    runs: int
    status: list[Sample]
    status_kept: list[Sample]
    first: list[Sample]
    later: list[Sample]
    queries: tuple[float, ...]


@cache
def grown(plan: Plan) -> list[Visit]:
    """Grow the ledger and return what each visit found."""
    environment = WITH_WORK | {"BENCHMARK_TASKS": str(MANY), ANEW: "1"}
    with servers() as on, system(on, "grown", environment) as live:
        return [_visit(live, plan, size) for size in plan.sizes]


def _visit(live: LiveSystem, plan: Plan, size: int) -> Visit:
    script(live, "fill", str(size))
    last, shortly = size == plan.sizes[-1], replace(plan, seconds=plan.seconds / 2, warm_up=plan.warm_up / 2)
    anew = ask_status(live, plan if last or size == plan.sizes[0] else shortly)
    first, later = ask_history(live, shortly)
    return Visit(size, anew, _kept(live, shortly) if last else [], first, later, _queries(live) if last else ())


def _queries(live: LiveSystem) -> tuple[float, ...]:
    return tuple(float(script(live, "count_queries", environment={"BENCHMARK_TASKS": str(n)})) for n in (MANY, FEW))


def _kept(live: LiveSystem, plan: Plan) -> list[Sample]:
    ordinary = {name: value for name, value in live.environment.items() if name != ANEW}
    again = LiveSystem(live.folder, ordinary)
    again.token = live.token
    try:
        again.web.start()
        again.wait_for_web()
        return ask_status(again, plan)
    finally:
        again.stop()
