"""How long it takes from an event's commit until every browser has heard of it, and what listening costs the database.

Fifty events a second, each in a transaction of its own. No worker runs, so the queries are the watcher's; the server
logs every statement, and they are counted there.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.figures import Figure
from benchmarks.plan import Plan
from benchmarks.systems import WITH_WORK, script, servers, system
from tests.support.live import ROOT, LiveSystem

_INSERT = """
    INSERT INTO runbell_event (run_id, kind, at, attempt, worker, detail)
    SELECT id, 'STARTED', now(), 1, '', '' FROM runbell_run ORDER BY id LIMIT 1 RETURNING id
"""
_STATEMENTS = re.compile(rb"^runbell-counted LOG:  (?:statement|execute)", re.MULTILINE)
_LOGGED = {"log_statement": "all", "log_line_prefix": "runbell-counted "}
SETTLE = 0.5
"""Seconds between the last browser's coming and the first event, and after the last event."""
LONGEST = 100.0
"""Seconds after which the listening process counts as stuck."""
Delays = list[float]


@dataclass(frozen=True)
class Told:
    """What was written while browsers listened: when each event was committed, by round; queries a second of others."""

    rounds: list[dict[int, float]]
    queries: float


def measure(plan: Plan) -> list[Figure]:
    """Measure it with ever more browsers."""
    figures, queries = [], {}
    with servers() as on, system(on, "stream", WITH_WORK) as live:
        script(live, "fill", "100")
        on.postgresql.set(_LOGGED)
        for count in plan.browsers:
            told, heard = _listen(live, on.postgresql.log, plan, count)
            queries[count] = told.queries
            figures += _figures(count, told, heard)
    first, last = plan.browsers[0], plan.browsers[-1]
    growth = queries[last] / queries[first]
    return [*figures, Figure(f"queries, {last} browsers / {first} browser", [growth], "x", at_most=1.2)]


def _figures(count: int, told: Told, heard: list[tuple[int, float]]) -> list[Figure]:
    name = f"{count} browser{'s' if count > 1 else ''}"
    rounds = [_delays(committed, heard) for committed in told.rounds]
    shares = [len(one) / (count * len(told.rounds[0])) * 100 for one in rounds]
    middle, tail = ([_share(one, share) for one in rounds] for share in (0.5, 0.99))
    return [
        Figure(f"{name}, event to browser, p50", middle, "ms", plotted=True),
        Figure(f"{name}, event to browser, p99", tail, "ms", at_most=1000, plotted=True),
        Figure(f"{name}, events heard, of all that each should", shares, "%", at_least=100),
        Figure(f"{name}, queries", [told.queries], "/s"),
    ]


def _delays(committed: dict[int, float], heard: list[tuple[int, float]]) -> Delays:
    """Return the milliseconds from commit to each browser, in order."""
    return sorted((at - committed[number]) * 1000 for number, at in heard if number in committed)


def _listen(live: LiveSystem, log: Path, plan: Plan, count: int) -> tuple[Told, list[tuple[int, float]]]:
    """Let so many browsers listen while events are written; return both sides' account."""
    command = [sys.executable, "-m", "benchmarks.listeners", str(live.port), live.token, str(count)]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as browsers:
        assert browsers.stdout is not None
        if browsers.stdout.readline() != "open\n":
            raise RuntimeError("not every browser could listen")
        told = _tell(live, log, plan)
        heard, _ = browsers.communicate(timeout=LONGEST)
    return told, json.loads(heard)


def _tell(live: LiveSystem, log: Path, plan: Plan) -> Told:
    """Write events at a steady pace, round after round."""
    with psycopg.connect(live.environment["DATABASE_URL"], autocommit=True) as database:
        time.sleep(SETTLE)
        before, began = log.stat().st_size, time.monotonic()
        rounds = [_round(database, plan) for _ in range(plan.rounds)]
        time.sleep(SETTLE)
        queries = _statements(log, before) - sum(map(len, rounds))
        return Told(rounds, queries / (time.monotonic() - began))


def _round(database: psycopg.Connection[tuple[int]], plan: Plan) -> dict[int, float]:
    """Write the events of one round; return when each was committed."""
    committed: dict[int, float] = {}
    began = time.monotonic()
    for number in range(int(plan.seconds / 2 * plan.events)):
        time.sleep(max(0.0, began + number / plan.events - time.monotonic()))
        row = database.execute(_INSERT).fetchone()
        assert row is not None
        committed[row[0]] = time.monotonic()
    return committed


def _statements(log: Path, since: int) -> int:
    """Return how many statements the server's log tells of behind that position."""
    with log.open("rb") as file:
        file.seek(since)
        return len(_STATEMENTS.findall(file.read()))


def _share(ordered: Delays, share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("inf")
