"""How long a trigger over HTTP takes, and how many a second there can be; beside Flower's ``async-apply``.

No worker runs, on either side: this is the way from a request to a message in the broker. Runbell's way also holds
authentication, permission, a run, an event and an audit entry in a transaction that waits for the disk.
"""

from __future__ import annotations

import json
from dataclasses import replace

from benchmarks.figures import Figure
from benchmarks.flower import flower
from benchmarks.load import Load, Sample, send
from benchmarks.plan import Plan
from benchmarks.systems import stack, system
from tests.support.live import API, LiveSystem
from tests.support.stacks import ServersStack

TASK = "perform_system_health_check"
FLOWER_DATABASE = 15


def measure(plan: Plan) -> list[Figure]:
    """Measure all of it."""
    return [*embedded(plan), *side_by_side(plan)]


def embedded(plan: Plan) -> list[Figure]:
    """SQLite and the filesystem broker, one connection."""
    with stack("embedded") as on, system(on, "trigger") as live:
        load = _trigger(live, plan, connections=1)
        send(replace(load, seconds=plan.warm_up))
        samples = [send(load) for _ in range(plan.rounds)]
    name = "trigger, embedded, 1 connection"
    return [
        _latency(f"{name}, p50", samples, 0.5),
        _latency(f"{name}, p95", samples, 0.95, at_most=50),
        _latency(f"{name}, p99", samples, 0.99),
        Figure(f"{name}, throughput", [sample.rate for sample in samples], "/s"),
    ]


def side_by_side(plan: Plan) -> list[Figure]:
    """PostgreSQL and Redis, one uvicorn process, 1 and 16 connections, in turn with Flower on the same Redis."""
    figures: list[Figure] = []
    with stack("servers") as on, system(on, "trigger") as live:
        assert isinstance(on, ServersStack)
        with flower(on.redis, live.folder, FLOWER_DATABASE) as port:
            for connections in (1, 16):
                ours, theirs = _trigger(live, plan, connections), _async_apply(port, plan, connections)
                figures += _compare(plan, ours, theirs, targets=connections > 1)
    return figures


def _compare(plan: Plan, ours: Load, theirs: Load, *, targets: bool) -> list[Figure]:
    for load in (ours, theirs):
        send(replace(load, seconds=plan.warm_up))
    rounds = [(send(ours), send(theirs)) for _ in range(plan.rounds)]
    mine, flowers = [one for one, _ in rounds], [one for _, one in rounds]
    where = f"{ours.connections} connection{'s' if ours.connections > 1 else ''}"
    ratios = [one.rate / other.rate for one, other in rounds]
    tails = [one.percentile(0.99) / other.percentile(0.99) for one, other in rounds]
    return [
        *_figures(f"trigger, PostgreSQL + Redis, {where}", mine),
        *_figures(f"Flower async-apply, {where}", flowers),
        Figure(f"throughput / Flower's, {where}", ratios, "x", at_least=1.3 if targets else None),
        Figure(f"p99 / Flower's, {where}", tails, "x", at_most=1.0 if targets else None),
    ]


def _figures(name: str, samples: list[Sample]) -> list[Figure]:
    rate = Figure(f"{name}, throughput", [sample.rate for sample in samples], "/s")
    return [rate, *(_latency(f"{name}, p{share * 100:.0f}", samples, share) for share in (0.5, 0.95, 0.99))]


def _latency(name: str, samples: list[Sample], share: float, at_most: float | None = None) -> Figure:
    return Figure(name, [sample.percentile(share) * 1000 for sample in samples], "ms", at_most=at_most)


def _trigger(live: LiveSystem, plan: Plan, connections: int) -> Load:
    return Load(
        port=live.port,
        path=f"{API}monitoring/manual-trigger/",
        connections=connections,
        seconds=plan.seconds,
        expect=202,
        body=json.dumps({"task_name": TASK}),
        headers={"Authorization": f"Bearer {live.token}"},
    )


def _async_apply(port: int, plan: Plan, connections: int) -> Load:
    path = "/api/task/async-apply/benchmarks.flower_app.nothing"
    return Load(port=port, path=path, connections=connections, seconds=plan.seconds, expect=200, body='{"args": []}')
