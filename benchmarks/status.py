"""How long ``monitoring/status/`` takes on a long history of many tasks, and whether more tasks cost more queries."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

from benchmarks.figures import Figure
from benchmarks.load import Load, Sample, send
from benchmarks.many import ANEW
from benchmarks.plan import Plan
from benchmarks.systems import stack, system
from tests.support.live import API, ROOT, LiveSystem

FEW, MANY = 20, 200
NAMES = {"embedded": "SQLite", "servers": "PostgreSQL"}


def measure(plan: Plan) -> list[Figure]:
    """Measure it on both stacks."""
    return [figure for name in NAMES for figure in _on(name, plan)]


def _on(name: str, plan: Plan) -> list[Figure]:
    environment = {"DJANGO_SETTINGS_MODULE": "benchmarks.settings", "BENCHMARK_TASKS": str(MANY)}
    with stack(name) as on, system(on, "status", environment | {ANEW: "1"}) as live:
        _script(live, "benchmarks.fill", MANY, str(plan.runs))
        anew = _ask(live, plan)
        few, many = (int(_script(live, "benchmarks.count_queries", tasks)) for tasks in (FEW, MANY))
        live.web.stop()
        kept = _ask_when_nothing_happens(live, plan)
    where = f"status, {NAMES[name]}, {MANY} tasks, {plan.runs:,} runs"
    return [
        *_latencies(f"{where}, made anew at every request", anew),
        *_latencies(f"{where}, while no run changes", kept),
        Figure(f"status, {NAMES[name]}, queries for {MANY} tasks", [many], "", at_most=few + 1),
    ]


def _ask(live: LiveSystem, plan: Plan) -> list[Sample]:
    load = Load(
        port=live.port,
        path=f"{API}monitoring/status/",
        connections=1,
        seconds=plan.seconds,
        expect=200,
        headers={"Authorization": f"Bearer {live.token}"},
    )
    send(replace(load, seconds=plan.warm_up))
    return [send(load) for _ in range(plan.rounds)]


def _ask_when_nothing_happens(live: LiveSystem, plan: Plan) -> list[Sample]:
    ordinary = {name: value for name, value in live.environment.items() if name != ANEW}
    again = LiveSystem(live.folder, ordinary)
    again.token = live.token
    try:
        again.web.start()
        again.wait_for_web()
        return _ask(again, plan)
    finally:
        again.stop()


def _latencies(name: str, samples: list[Sample]) -> list[Figure]:
    return [
        Figure(f"{name}, p50", [sample.percentile(0.5) * 1000 for sample in samples], "ms", at_most=50),
        Figure(f"{name}, p95", [sample.percentile(0.95) * 1000 for sample in samples], "ms"),
    ]


def _script(live: LiveSystem, module: str, tasks: int, *arguments: str) -> str:
    environment = live.environment | {"BENCHMARK_TASKS": str(tasks)}
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        check=True,
    )
    return done.stdout
