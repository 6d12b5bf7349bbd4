"""How much a web process grows while a million runs go by, beside Flower with as many tasks as it takes in the time.

Runbell's process is asked for overview and history all the while, and has browsers that listen. It is measured first
when it has served for a while, then after each fifth of the runs. Flower is told of tasks by the events of a worker.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace

import httpx
import psutil

from benchmarks.asking import ask_history, ask_status
from benchmarks.figures import Figure
from benchmarks.peers.flower import DATABASE, Flower, flower
from benchmarks.plan import Plan
from benchmarks.systems import WITH_WORK, script, servers, system
from tests.support.live import ROOT, LiveSystem
from tests.support.waiting import wait_until

BROWSERS = 10
BEFORE = 20_000
"""Runs that the ledger holds when the process is measured first: enough for full pages."""
_TAKEN = re.compile(r'^flower_events_total\{[^}]*type="task-succeeded"[^}]*\} (\S+)', re.MULTILINE)


def measure(plan: Plan) -> list[Figure]:
    """Measure both."""
    with servers() as on, system(on, "memory", WITH_WORK | {"BENCHMARK_TASKS": "200"}) as live:
        ours = _ours(live, plan)
        with flower(on.redis.url(DATABASE), live.folder) as peer:
            before, tasks, after = _flower(peer, plan)
    growth = [(one - ours[0]) / ours[0] * 100 for one in ours[1:]]
    return [
        Figure("Runbell's web process before", [ours[0]], "MB"),
        Figure(f"Runbell's web process, up to {plan.memory_runs:,} runs", ours[1:], "MB"),
        Figure("Runbell's growth", growth[-1:], "%", at_most=5),
        Figure("Flower before", [before], "MB"),
        Figure(f"Flower after {tasks:,} tasks", [after], "MB"),
        Figure("Flower's growth", [(after - before) / before * 100], "%"),
        Figure("Flower's growth a task", [(after - before) * 1024 / tasks], "kB"),
    ]


def _ours(live: LiveSystem, plan: Plan) -> list[float]:
    """Return the megabytes at first, and after each share of the runs."""
    command = [sys.executable, "-m", "benchmarks.listeners", str(live.port), live.token, str(BROWSERS)]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as browsers:
        assert browsers.stdout is not None
        browsers.stdout.readline()
        first = min(BEFORE, plan.memory_runs // 2)
        sizes = [first + (plan.memory_runs - first) * number // plan.rounds for number in range(plan.rounds + 1)]
        measured = [_after(live, plan, size) for size in sizes]
        browsers.communicate()
    return measured


def _after(live: LiveSystem, plan: Plan, runs: int) -> float:
    script(live, "fill", str(runs), "events")
    shortly = replace(plan, seconds=plan.seconds / 2, warm_up=plan.warm_up / 10)
    ask_status(live, shortly, rounds=1)
    ask_history(live, shortly, rounds=1)
    return _megabytes(live.web.pid)


def _flower(peer: Flower, plan: Plan) -> tuple[float, int, float]:
    before = _megabytes(peer.pid)
    command = [peer.python, "-m", "benchmarks.peers.flower_feed", str(plan.memory_tasks), str(plan.memory_seconds)]
    done = subprocess.run(command, cwd=ROOT, env=peer.environment, check=True, capture_output=True, text=True)
    tasks = int(done.stdout)
    wait_until(lambda: _taken(peer) >= tasks, 120, lambda: f"Flower takes {tasks} tasks, has {_taken(peer)}")
    return before, tasks, _megabytes(peer.pid)


def _taken(peer: Flower) -> float:
    page = httpx.get(f"http://127.0.0.1:{peer.port}/metrics", timeout=30, trust_env=False).text
    return sum(float(number) for number in _TAKEN.findall(page))


def _megabytes(pid: int) -> float:
    return float(psutil.Process(pid).memory_info().rss) / 1024 / 1024
