"""How many no-op tasks a second one worker with two processes executes, and what writing them down costs.

Each task logs one line. Unrecorded; with django-celery-results as installed, which keeps one row a task; the same with
Celery's connection to the database kept open; and with Runbell: the run, its five events, its log line and its audit
entry. All workers run all the time; the one whose turn it is stands still while its queue is filled. The rate is from
the first task that succeeded to the last one, for Runbell until the ledger holds everything.

The tasks that nobody records show what the machine can do: no way to record can be faster than that, which is printed
as a multiple of the peers too.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Figure, ratios
from benchmarks.peers.django import DjangoPeer
from benchmarks.plan import Plan
from benchmarks.systems import WITH_WORK, peer, script, servers, system
from tests.support.live import LiveSystem
from tests.support.processes import Process
from tests.support.stacks import ServersStack
from tests.support.waiting import wait_until

DONE = b" succeeded in "
LONG = 600.0
"""Seconds after which a round is given up."""
RESULTS = {"PEER_APPS": "django_celery_results", "PEER_RESULTS": "django-db"}
SENDERS = 2
KEPT = RESULTS | {"PEER_KEEPS_CONNECTION": "1"}


@dataclass(frozen=True)
class Contestant:
    """A way to execute tasks: how its queue is filled, its worker, and what must hold when all is written down."""

    name: str
    fill: Callable[[int], object]
    worker: Process
    complete: Callable[[int], bool]


def measure(plan: Plan) -> list[Figure]:
    """Measure all four, in turn."""
    count = plan.records // plan.rounds
    with ExitStack() as inside:
        on = inside.enter_context(servers())
        live = inside.enter_context(system(on, "record", WITH_WORK))
        contestants = _contestants(inside, on, live)
        for one in contestants:
            inside.callback(one.worker.kill)
            one.worker.start()
        for one in contestants:
            one.worker.wait_for_output(" ready.", 60)
        rounds = [[_rate(one, count) for one in contestants] for _ in range(plan.rounds)]
        events = _events(live)
    rates = {one.name: list(values) for one, values in zip(contestants, zip(*rounds, strict=True), strict=True)}
    ours, bare = rates["Runbell"], rates["unrecorded"]
    installed, kept = rates["django-celery-results"], rates["django-celery-results, connection kept"]
    return [
        *(Figure(name, values, "/s", plotted=True) for name, values in rates.items()),
        Figure("Runbell / django-celery-results", ratios(ours, installed), "x", at_least=4),
        Figure("unrecorded / django-celery-results", ratios(bare, installed), "x"),
        Figure("Runbell / django-celery-results, connection kept", ratios(ours, kept), "x", at_least=2),
        Figure("unrecorded / django-celery-results, connection kept", ratios(bare, kept), "x"),
        Figure("Runbell / unrecorded", ratios(ours, bare), "x"),
        Figure("events a run", [events], ""),
    ]


def _contestants(inside: ExitStack, on: ServersStack, live: LiveSystem) -> list[Contestant]:
    def results(label: str, environment: dict[str, str]) -> DjangoPeer:
        return inside.enter_context(peer("django-celery-results", on, live.folder, environment, label=label))

    plain = results("unrecorded", {"PEER_APPS": "django_celery_results"})
    installed, kept = results("installed", RESULTS), results("kept", KEPT)
    return [
        _peer("unrecorded", plain),
        _peer("django-celery-results", installed),
        _peer("django-celery-results, connection kept", kept),
        Contestant("Runbell", lambda count: script(live, "issue", str(count)), live.worker, lambda _: _whole(live)),
    ]


def _peer(name: str, peer: DjangoPeer) -> Contestant:
    return Contestant(name, lambda count: _send(peer, count), peer.worker, lambda _: True)


def _send(peer: DjangoPeer, count: int) -> None:
    """Send so many messages from as many processes as there are processors: it is not measured, and takes long."""
    shares = [count // SENDERS] * (SENDERS - 1)
    shares.append(count - sum(shares))
    with ThreadPoolExecutor(SENDERS) as senders:
        list(senders.map(lambda share: peer.script("send", "nothing", str(share)), shares))


def _rate(one: Contestant, count: int) -> float:
    """Fill the queue while the worker stands still, let it go on, and return the tasks a second."""
    os.kill(one.worker.pid, signal.SIGSTOP)
    try:
        one.fill(count)
        lines = Lines(one.worker.log)
    finally:
        os.kill(one.worker.pid, signal.SIGCONT)
    wait_until(lambda: lines.count(DONE) > 0, 60, lambda: f"{one.name} begins\n{one.worker.tail()}")
    began, already = time.monotonic(), lines.count(DONE)
    wait_until(lambda: lines.count(DONE) >= count, LONG, lambda: f"{one.name} ends\n{one.worker.tail()}")
    wait_until(lambda: one.complete(count), 60, lambda: f"{one.name} has written everything down")
    return (count - already) / (time.monotonic() - began)


class Lines:
    """Counts lines that are added to a log from now on, without reading it twice."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._position = log.stat().st_size if log.exists() else 0
        self._rest = b""
        self._found = 0

    def count(self, what: bytes) -> int:
        """Return how many of the new lines hold ``what``."""
        if self._log.exists():
            with self._log.open("rb") as file:
                file.seek(self._position)
                read = self._rest + file.read()
                self._position = file.tell()
            whole, _, self._rest = read.rpartition(b"\n")
            self._found += whole.count(what)
        return self._found


def _whole(live: LiveSystem) -> bool:
    """Return whether every run has succeeded and has its log line and both audit entries."""
    unfinished = live.query(
        "SELECT count(*) FROM runbell_run run WHERE task_name = 'benchmark_nothing' AND NOT (state = 'SUCCESS'"
        " AND EXISTS (SELECT FROM runbell_logline WHERE run_id = run.id)"
        " AND (SELECT count(*) FROM runbell_auditentry WHERE task_id = run.task_id AND task_id <> '') = 2)"
    )
    return unfinished == [(0,)]


def finish_runs(live: LiveSystem, count: int) -> None:
    """Let a worker execute the runs that wait, and return when the ledger holds everything."""
    lines = Lines(live.worker.log)
    live.worker.start()
    try:
        wait_until(lambda: lines.count(DONE) >= count, LONG, lambda: f"all runs end\n{live.worker.tail()}")
        wait_until(lambda: _whole(live), 60, "everything is written down")
    finally:
        live.worker.stop(timeout=30)


def _events(live: LiveSystem) -> float:
    """Return the number of events a run."""
    task = "task_name = 'benchmark_nothing'"
    events = live.query(f"SELECT count(*) FROM runbell_event JOIN runbell_run run ON run.id = run_id WHERE {task}")
    runs = live.query(f"SELECT count(*) FROM runbell_run WHERE {task}")
    return float(events[0][0] / runs[0][0])
