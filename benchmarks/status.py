"""How long ``monitoring/status/`` takes on a long history of many tasks, and whether more tasks cost more queries."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

from benchmarks.figures import Figure
from benchmarks.load import Load, send
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
    with stack(name) as on, system(on, "status", environment) as live:
        _script(live, "benchmarks.fill", MANY, str(plan.runs))
        load = Load(
            port=live.port,
            path=f"{API}monitoring/status/",
            connections=1,
            seconds=plan.seconds,
            expect=200,
            headers={"Authorization": f"Bearer {live.token}"},
        )
        send(replace(load, seconds=plan.warm_up))
        samples = [send(load) for _ in range(plan.rounds)]
        few, many = (int(_script(live, "benchmarks.count_queries", tasks)) for tasks in (FEW, MANY))
    where = f"status, {NAMES[name]}, {MANY} tasks, {plan.runs:,} runs"
    return [
        Figure(f"{where}, p50", [sample.percentile(0.5) * 1000 for sample in samples], "ms", at_most=50),
        Figure(f"{where}, p95", [sample.percentile(0.95) * 1000 for sample in samples], "ms"),
        Figure(f"status, {NAMES[name]}, queries for {MANY} tasks", [many], "", at_most=few + 1),
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
