"""How many bytes a run takes in the ledger, and whether triggers wait while a million rows are pruned.

A run with its five events, its log line and its two audit entries, really executed; all tables with their indexes, as
they are after the work. Then rows of runs, events and log lines are filled in and pruned in as many parts as there are
rounds, while one connection triggers without a pause. How slow its slowest trigger is without a prune stands beside it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from benchmarks.figures import Figure
from benchmarks.fill import DAYS
from benchmarks.load import Load, send
from benchmarks.plan import Plan
from benchmarks.record import finish_runs
from benchmarks.systems import WITH_WORK, script, servers, system
from tests.support.live import API, LiveSystem

ROWS_A_RUN = 5
REAL_SHARE = 10
"""A tenth of the runs of the record benchmark is executed to be weighed."""


def measure(plan: Plan) -> list[Figure]:
    """Measure both."""
    with servers() as on, system(on, "size", WITH_WORK) as live:
        sizes = _sizes(live, plan.records // REAL_SHARE)
        script(live, "fill", str(plan.rows // ROWS_A_RUN + plan.records // REAL_SHARE), "events", "lines")
        rounds = [_round(live, plan, number) for number in range(plan.rounds)]
    alone, beside, rows, seconds = (list(values) for values in zip(*rounds, strict=True))
    return [
        *(Figure(f"a run's {name}", [size], "bytes", plotted=True) for name, size in sizes.items()),
        Figure("a run, all tables and indexes", [sum(sizes.values())], "bytes"),
        Figure(f"pruned, of {plan.rows:,} rows", rows, "rows"),
        Figure("pruned", [count / took for count, took in zip(rows, seconds, strict=True)], "rows/s"),
        Figure("slowest trigger without a prune", alone, "ms"),
        Figure("slowest trigger while pruning", beside, "ms", at_most=100),
    ]


def _sizes(live: LiveSystem, runs: int) -> dict[str, float]:
    """Execute runs and return the bytes that each takes in each table."""
    script(live, "issue", str(runs))
    finish_runs(live, runs)
    tables = {
        "row": "runbell_run",
        "events": "runbell_event",
        "log line": "runbell_logline",
        "audit entries": "runbell_auditentry",
    }
    return {name: _bytes(live, table) / runs for name, table in tables.items()}


def _bytes(live: LiveSystem, table: str) -> float:
    return float(live.query(f"SELECT pg_total_relation_size('{table}')")[0][0])


def _round(live: LiveSystem, plan: Plan, number: int) -> tuple[float, float, float, float]:
    """Prune one part; return the slowest trigger before and during it, the rows, and the seconds."""
    load = Load(
        port=live.port,
        path=f"{API}monitoring/manual-trigger/",
        connections=1,
        seconds=plan.seconds / 2,
        expect=202,
        body=json.dumps({"task_name": "benchmark_nothing"}),
        headers={"Authorization": f"Bearer {live.token}"},
    )
    if not number:
        send(replace(load, seconds=plan.warm_up))
    alone = max(send(load).latencies)
    days = DAYS * (1 - (number + 1) / plan.rounds)
    (rows, seconds), beside = _meanwhile(load, lambda: json.loads(script(live, "pruning", str(days))))
    return alone * 1000, beside * 1000, rows, seconds


def _meanwhile(load: Load, work: Callable[[], Any]) -> tuple[Any, float]:
    """Trigger without a pause until the work is done; return what it gave and the slowest trigger's seconds."""
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    slowest = 0.0
    while thread.is_alive():
        slowest = max(slowest, *send(load).latencies)
    thread.join()
    return results[0], slowest
