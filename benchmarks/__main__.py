"""``python -m benchmarks [--smoke] [trigger] [start] [status]``: measure, print, and keep the figures."""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import (
    history,
    memory,
    record,
    size,
    start,
    status,
    stream,
    tick,
    trigger,
    waiting,
    workers,
)
from benchmarks.figures import Figure, table
from benchmarks.plan import SMOKE, Plan

BENCHMARKS: dict[str, Callable[[Plan], list[Figure]]] = {
    "trigger": trigger.measure,
    "trigger-wait": waiting.measure,
    "start": start.measure,
    "record": record.measure,
    "status": status.measure,
    "history": history.measure,
    "workers": workers.measure,
    "stream": stream.measure,
    "memory": memory.measure,
    "tick": tick.measure,
    "size": size.measure,
}
RESULTS = Path(__file__).with_name("results.json")


def main() -> int:
    """Run what is asked for; return 0 whether or not the targets were reached: a figure is not a test."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="show that they work; the figures mean nothing")
    parser.add_argument("names", nargs="*", help=f"of {', '.join(BENCHMARKS)}; all by default")
    options = parser.parse_args()
    # A server that was started for a benchmark is ended by whoever started it, also where that one is ended itself.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    figures = _measure(options.names or list(BENCHMARKS), SMOKE if options.smoke else Plan())
    if not options.smoke:
        _keep(figures)
    return 0


def _measure(names: list[str], plan: Plan) -> dict[str, list[Figure]]:
    print(f"{plan.rounds} rounds, {_machine()}; min, median and max are over the rounds, targets are for the median.")
    figures = {}
    for name in names:
        print(f"\n$ make bench ONLY={name}", flush=True)
        figures[name] = BENCHMARKS[name](plan)
        print(table(figures[name]), flush=True)
    return figures


def _machine() -> str:
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()} {platform.machine()}"


def _keep(figures: dict[str, list[Figure]]) -> None:
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    kept |= {name: {"machine": _machine(), "figures": [f.document() for f in these]} for name, these in figures.items()}
    RESULTS.write_text(json.dumps(kept, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
