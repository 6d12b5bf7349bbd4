"""How long it takes from the request for a run to its start, by the ledger's own times, on an idle system."""

from __future__ import annotations

import random
import statistics
import time
from datetime import datetime
from typing import Any

import httpx

from benchmarks.figures import Figure
from benchmarks.plan import Plan
from benchmarks.systems import stack, system
from tests.support.live import LiveSystem
from tests.support.waiting import wait_until

TASK = "process_document_obsoletion_dates"
TARGETS = {"embedded": 150, "servers": 50}
NAMES = {"embedded": "filesystem", "servers": "Redis"}


def measure(plan: Plan) -> list[Figure]:
    """Measure it on both stacks."""
    return [figure for name in TARGETS for figure in _on(name, plan)]


def _on(name: str, plan: Plan) -> list[Figure]:
    with stack(name) as on, system(on, "start") as live:
        live.worker.start()
        live.wait_for_worker()
        _round(live, 5)
        rounds = [_round(live, plan.starts) for _ in range(plan.rounds)]
    medians, tails = [statistics.median(one) for one in rounds], [sorted(one)[int(len(one) * 0.95)] for one in rounds]
    return [
        Figure(f"request to STARTED, {NAMES[name]}, median", medians, "ms", at_most=TARGETS[name]),
        Figure(f"request to STARTED, {NAMES[name]}, p95", tails, "ms"),
    ]


def _round(live: LiveSystem, count: int) -> list[float]:
    """Start one run after the other, at moments that no polling interval knows, and return the milliseconds."""
    with live.client() as client:
        return [_start(client) for _ in range(count)]


def _start(client: httpx.Client) -> float:
    time.sleep(random.uniform(0, 0.1))
    run_id = client.post("monitoring/manual-trigger/", json={"task_name": TASK}).raise_for_status().json()["task_id"]
    run: dict[str, Any] = {}

    def finished() -> bool:
        run.update(client.get(f"runs/{run_id}/").raise_for_status().json())
        return run["finished_at"] is not None

    wait_until(finished, 30, f"run {run_id} ends")
    waited = datetime.fromisoformat(run["started_at"]) - datetime.fromisoformat(run["requested_at"])
    return waited.total_seconds() * 1000
