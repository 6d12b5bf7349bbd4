"""How long the home page's request takes with 200 tasks while the history grows, on PostgreSQL; and on SQLite.

The figures without a note have the overview made anew at every request, as it is while runs change all the time;
between two of them few tasks have a new run, here none. Each size is a month's history, so that ten million runs are
330,000 a day.
"""

from __future__ import annotations

from benchmarks.asking import ask_status
from benchmarks.figures import Figure
from benchmarks.growth import MANY, Visit, grown
from benchmarks.load import Sample
from benchmarks.plan import Plan
from benchmarks.systems import WITH_WORK, script, stack, system
from benchmarks.work import ANEW

AT_MOST = 50


def measure(plan: Plan) -> list[Figure]:
    """Measure it at every size, and on SQLite at one."""
    visits = grown(plan)
    ours = [_latencies(f"PostgreSQL, {visit.runs:,} runs", visit.status) for visit in visits]
    largest, smallest = ours[-1][1], ours[0][1]
    growth = [one / other for one, other in zip(largest.values, smallest.values, strict=True)]
    return [
        *(figure for figures in ours for figure in figures),
        Figure(f"p95, {visits[-1].runs:,} runs / {visits[0].runs:,} runs", growth, "x", at_most=1.3),
        *_latencies(f"PostgreSQL, {visits[-1].runs:,} runs, while no run changes", visits[-1].status_kept),
        *_queries(visits[-1]),
        *_embedded(plan),
    ]


def _embedded(plan: Plan) -> list[Figure]:
    environment = WITH_WORK | {"BENCHMARK_TASKS": str(MANY), ANEW: "1"}
    with stack("embedded") as on, system(on, "status", environment) as live:
        script(live, "fill_sqlite", str(plan.embedded_runs))
        samples = ask_status(live, plan)
    return _latencies(f"SQLite, {plan.embedded_runs:,} runs", samples)


def _latencies(name: str, samples: list[Sample]) -> list[Figure]:
    return [
        Figure(f"{name}, p50", [sample.percentile(0.5) * 1000 for sample in samples], "ms"),
        Figure(
            f"{name}, p95", [sample.percentile(0.95) * 1000 for sample in samples], "ms", at_most=AT_MOST, plotted=True
        ),
        Figure(f"{name}, slowest", [max(sample.latencies) * 1000 for sample in samples], "ms"),
    ]


def _queries(visit: Visit) -> list[Figure]:
    many, few = visit.queries
    return [Figure(f"queries for {MANY} tasks", [many], "", at_most=few)]
