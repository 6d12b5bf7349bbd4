"""How long it takes from the answer to a request until the first line of the task runs, on an idle system.

Beside plain ``apply_async`` on the same Redis: from its return to the first line. And by the ledger's own times, from
the request to ``STARTED``, on both stacks.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import httpx

from benchmarks.bodies import STARTS
from benchmarks.figures import Figure, ratios
from benchmarks.peers.django import DjangoPeer
from benchmarks.plan import Plan
from benchmarks.systems import WITH_WORK, peer, servers, stack, system
from tests.support.live import LiveSystem
from tests.support.waiting import wait_until

TASK = "benchmark_note_start"
Measured = list[list[float]]


def measure(plan: Plan) -> list[Figure]:
    """Measure all of it."""
    return [*_beside_celery(plan), *_by_the_ledger(plan)]


def _beside_celery(plan: Plan) -> list[Figure]:
    with servers() as on, system(on, "start", WITH_WORK) as live:
        starts, plain_starts = live.folder / "starts", live.folder / "plain-starts"
        live.environment[STARTS] = str(starts)
        worker = LiveSystem(live.folder, live.environment)
        with peer("seed", on, live.folder, {STARTS: str(plain_starts)}) as seed:
            try:
                worker.worker.start()
                seed.start_worker()
                worker.wait_for_worker()
                ours, theirs, ledger = _rounds(live, seed, starts, plain_starts, plan)
            finally:
                worker.stop()
    return [
        Figure("Runbell, 202 to first line, median", _medians(ours), "ms", plotted=True),
        Figure("apply_async to first line, median", _medians(theirs), "ms", plotted=True),
        Figure("Runbell's / apply_async's", ratios(_medians(ours), _medians(theirs)), "x", at_most=1.5),
        *_ledger_figures("Redis", ledger, 50),
    ]


def _rounds(
    live: LiveSystem, seed: DjangoPeer, starts: Path, plain_starts: Path, plan: Plan
) -> tuple[Measured, Measured, Measured]:
    conversation = seed.conversation("send", "starts")
    assert conversation.stdin is not None
    assert conversation.stdout is not None
    asked, answers = conversation.stdin, conversation.stdout
    ours: Measured = []
    theirs: Measured = []
    ledger: Measured = []
    with live.client() as client, conversation:
        for number in range(plan.rounds + 1):
            count = plan.starts if number else 3
            runs: list[str] = []
            ours.append(_round(starts, lambda runs=runs: _trigger(client, runs), count))  # type: ignore[misc]
            theirs.append(_round(plain_starts, lambda: _send(asked, answers), count))
            ledger.append([_by_ledger(client, run_id) for run_id in runs])
    return ours[1:], theirs[1:], ledger[1:]


def _round(starts: Path, ask: Callable[[], float], count: int) -> list[float]:
    """Start one after the other, at moments that no polling interval knows, and return the milliseconds."""
    return [_one(starts, ask) for _ in range(count)]


def _one(starts: Path, ask: Callable[[], float]) -> float:
    before = _lines(starts)
    time.sleep(random.uniform(0, 0.05))
    asked = ask()
    wait_until(lambda: len(_lines(starts)) > len(before), 30, "the task starts")
    return (float(_lines(starts)[-1]) - asked) * 1000


def _lines(starts: Path) -> list[str]:
    return (
        [line for line in starts.read_text().splitlines(keepends=True) if line.endswith("\n")]
        if starts.exists()
        else []
    )


def _trigger(client: httpx.Client, runs: list[str]) -> float:
    answer = client.post("monitoring/manual-trigger/", json={"task_name": TASK})
    at = time.time()
    runs.append(answer.raise_for_status().json()["task_id"])
    return at


def _send(asked: IO[str], answers: IO[str]) -> float:
    asked.write("start\n")
    asked.flush()
    return float(answers.readline())


def _by_ledger(client: httpx.Client, run_id: str) -> float:
    run: dict[str, Any] = {}

    def finished() -> bool:
        run.update(client.get(f"runs/{run_id}/").raise_for_status().json())
        return run["finished_at"] is not None

    wait_until(finished, 30, f"run {run_id} ends")
    waited = datetime.fromisoformat(run["started_at"]) - datetime.fromisoformat(run["requested_at"])
    return waited.total_seconds() * 1000


def _by_the_ledger(plan: Plan) -> list[Figure]:
    """Measure SQLite and the filesystem broker, which no peer works with."""
    with stack("embedded") as on, system(on, "start", WITH_WORK) as live, live.client() as client:
        live.environment[STARTS] = str(live.folder / "starts")
        worker = LiveSystem(live.folder, live.environment)
        try:
            worker.worker.start()
            worker.wait_for_worker()
            rounds = [_ledger_round(client, plan.starts if number else 3) for number in range(plan.rounds + 1)]
        finally:
            worker.stop()
    return _ledger_figures("filesystem", rounds[1:], 150)


def _ledger_round(client: httpx.Client, count: int) -> list[float]:
    waited = []
    for _ in range(count):
        runs: list[str] = []
        time.sleep(random.uniform(0, 0.05))
        _trigger(client, runs)
        waited.append(_by_ledger(client, runs[0]))
    return waited


def _ledger_figures(broker: str, rounds: Measured, at_most: float) -> list[Figure]:
    tails = [sorted(one)[int(len(one) * 0.95)] for one in rounds]
    return [
        Figure(f"request to STARTED, {broker}, median", _medians(rounds), "ms", at_most=at_most),
        Figure(f"request to STARTED, {broker}, p95", tails, "ms"),
    ]


def _medians(rounds: Measured) -> list[float]:
    return [statistics.median(one) for one in rounds]
