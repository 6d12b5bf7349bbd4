"""What somebody gets who triggers a task while the worker is busy for longer than anybody waits.

Beside the original code's request, which sends the task and waits up to 30 seconds for its result. Each side has a
worker with one process, busy for 40 seconds. The waiting requests of all rounds are sent while it is, a second after
the other.
"""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import httpx

from benchmarks.figures import Figure
from benchmarks.peers.django import DjangoPeer
from benchmarks.plan import Plan
from benchmarks.systems import WITH_WORK, peer, servers, system
from tests.support.live import LiveSystem

RESULTS = 14
"""The database of Redis that takes the original code's results."""


@dataclass(frozen=True)
class Answer:
    """How long an answer took, in seconds, and whether it was the one that was hoped for."""

    seconds: float
    good: bool


def measure(plan: Plan) -> list[Figure]:
    """Measure both."""
    with servers() as on, system(on, "waiting", WITH_WORK, concurrency=1) as live:
        variables = {"PEER_RESULTS": on.redis.url(RESULTS), "PEER_WAITS": str(plan.waits)}
        with peer("seed", on, live.folder, variables, concurrency=1) as seed:
            _make_busy(live, seed, plan)
            ours, theirs = _ask(live, seed, plan.rounds)
    return [
        Figure("Runbell, answer", [one.seconds * 1000 for one in ours], "ms", at_most=100),
        Figure("Runbell, answers that were no 202", [float(not one.good) for one in ours], "", at_most=0),
        Figure("waiting request, answer", [one.seconds * 1000 for one in theirs], "ms"),
        Figure("waiting request, answers that were errors", [float(not one.good) for one in theirs], ""),
    ]


def _make_busy(live: LiveSystem, seed: DjangoPeer, plan: Plan) -> None:
    """Start both workers, give each something to do, and wait until it does it."""
    live.worker.start()
    seed.start_worker()
    live.wait_for_worker()
    seed.start_web()
    body = {"task_name": "benchmark_keep_busy", "params": {"seconds": plan.busy}}
    with live.client() as client:
        client.post("monitoring/manual-trigger/", json=body).raise_for_status()
    seed.script("send", "busy", str(plan.busy))
    for worker in (live.worker, seed.worker):
        worker.wait_for_output("received")


def _ask(live: LiveSystem, seed: DjangoPeer, rounds: int) -> tuple[list[Answer], list[Answer]]:
    """Ask both once a round; theirs are waited for at the end."""
    theirs: list[Future[Answer]] = []
    ours: list[Answer] = []
    with ThreadPoolExecutor(rounds) as pool, live.client() as client:
        for _ in range(rounds):
            theirs.append(pool.submit(_ask_seed, seed))
            ours.append(_timed(client, "monitoring/manual-trigger/", {"task_name": "benchmark_nothing"}))
            time.sleep(1)
        return ours, [one.result() for one in theirs]


def _ask_seed(seed: DjangoPeer) -> Answer:
    with httpx.Client(base_url=f"http://127.0.0.1:{seed.port}/", timeout=60, trust_env=False) as client:
        return _timed(client, "manual-trigger/", {})


def _timed(client: httpx.Client, path: str, body: dict[str, str]) -> Answer:
    began = time.perf_counter()
    answer = client.post(path, json=body)
    return Answer(time.perf_counter() - began, answer.is_success)
