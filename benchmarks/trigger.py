"""How long a trigger over HTTP takes, and how many a second there can be.

Beside Flower's ``async-apply`` and django-celery-beat's admin action "Run selected tasks", one process each. No worker
runs, on any side: this is the way from a request to a message in the broker. Runbell's way also holds authentication,
permission, a run, an event and an audit entry in a transaction that waits for the disk. Flower writes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from benchmarks.figures import Figure, ratios
from benchmarks.load import Load, Sample, send
from benchmarks.peers.flower import DATABASE, flower
from benchmarks.plan import Plan
from benchmarks.systems import peer, servers, stack, system
from tests.support.live import API, LiveSystem

TASK = "perform_system_health_check"
COMPARED = 16
"""From so many connections on there is a target: with one, a commit that waits for the disk stands beside nothing."""


def measure(plan: Plan) -> list[Figure]:
    """Measure all of it."""
    return [*embedded(plan), *side_by_side(plan)]


def embedded(plan: Plan) -> list[Figure]:
    """SQLite and the filesystem broker, one connection."""
    with stack("embedded") as on, system(on, "trigger") as live:
        load = _trigger(live, plan, connections=1)
        send(replace(load, seconds=plan.warm_up))
        samples = [send(load) for _ in range(plan.rounds)]
    return [
        _latency("embedded, 1 connection, p50", samples, 0.5),
        _latency("embedded, 1 connection, p95", samples, 0.95, at_most=50),
        Figure("embedded, 1 connection, throughput", [sample.rate for sample in samples], "/s"),
    ]


def side_by_side(plan: Plan) -> list[Figure]:
    """PostgreSQL and Redis, in turn with the peers on the same servers."""
    figures: list[Figure] = []
    with (
        servers() as on,
        system(on, "trigger") as live,
        flower(on.redis.url(DATABASE), live.folder) as port,
        peer("django-celery-beat", on, live.folder, {"PEER_APPS": "django_celery_beat"}) as beat,
    ):
        beat.start_web()
        for connections in plan.connections:
            loads = (
                _trigger(live, plan, connections),
                _async_apply(port.port, plan, connections),
                beat.admin_action(connections, plan.seconds),
            )
            figures += _compare(plan, loads, connections)
    return figures


def _compare(plan: Plan, loads: Sequence[Load], connections: int) -> list[Figure]:
    for load in loads:
        send(replace(load, seconds=plan.warm_up))
    rounds = [[send(load) for load in loads] for _ in range(plan.rounds)]
    ours, flowers, beats = (list(samples) for samples in zip(*rounds, strict=True))
    where = f"{connections} connection{'s' if connections > 1 else ''}"
    compared = connections >= COMPARED
    rate, tail = _ratios(ours, flowers)
    return [
        *_figures(f"Runbell, {where}", ours),
        *_figures(f"Flower async-apply, {where}", flowers),
        *_figures(f"django-celery-beat's admin action, {where}", beats),
        Figure(f"throughput / Flower's, {where}", rate, "x", at_least=2 if compared else None),
        Figure(f"p99 / Flower's, {where}", tail, "x", at_most=0.5 if compared else None),
        Figure(f"throughput / the admin action's, {where}", _ratios(ours, beats)[0], "x"),
    ]


def _ratios(ours: Sequence[Sample], theirs: Sequence[Sample]) -> tuple[list[float], list[float]]:
    """Return the ratios of the rates and of the 99th percentiles."""
    rates = ratios([one.rate for one in ours], [one.rate for one in theirs])
    return rates, ratios([one.percentile(0.99) for one in ours], [one.percentile(0.99) for one in theirs])


def _figures(name: str, samples: list[Sample]) -> list[Figure]:
    rate = Figure(f"{name}, throughput", [sample.rate for sample in samples], "/s", plotted=True)
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
    path = "/api/task/async-apply/benchmarks.peers.flower_app.nothing"
    return Load(port=port, path=path, connections=connections, seconds=plan.seconds, expect=200, body='{"args": []}')
