"""``python -m benchmarks [--smoke] [NAME...]``: measure, print, keep the figures, and write the page about them."""

from __future__ import annotations

import argparse
import signal
import sys
import time
import traceback
from types import ModuleType

from benchmarks import (
    console,
    history,
    machine,
    memory,
    record,
    report,
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

BENCHMARKS: dict[str, ModuleType] = {
    "trigger": trigger,
    "trigger-wait": waiting,
    "start": start,
    "record": record,
    "status": status,
    "history": history,
    "workers": workers,
    "stream": stream,
    "memory": memory,
    "tick": tick,
    "size": size,
    "console": console,
}


def main() -> int:
    """Run what is asked for; return 0 whether or not the targets were reached: a figure is not a test.

    A benchmark that cannot be run, as that of the console without Chromium, takes no other one's figures away.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="show that they work; the figures mean nothing")
    parser.add_argument("names", nargs="*", help=f"of {', '.join(BENCHMARKS)}; all by default")
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    # Servers that were started for a benchmark are ended by it, also where it is ended itself.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    broken = _measure(options.names or list(BENCHMARKS), SMOKE if options.smoke else Plan(), keep=not options.smoke)
    return int(broken)


def _measure(names: list[str], plan: Plan, *, keep: bool) -> bool:
    """Run them one after the other; return whether one broke."""
    about, broken = machine.describe(), False
    print(*(f"{what}: {it}" for what, it in about.items()), sep="\n")
    print(f"{plan.rounds} rounds; min, median and max are over the rounds, targets are for the median.")
    for name in names:
        print(f"\n$ make bench ONLY={name}", flush=True)
        began = time.monotonic()
        try:
            figures: list[Figure] = BENCHMARKS[name].measure(plan)
        except Exception:  # noqa: BLE001 (whatever it is, the others are to be measured)
            traceback.print_exc()
            broken = True
            continue
        print(table(figures), f"({time.monotonic() - began:.0f} s)", sep="\n", flush=True)
        if keep:
            report.keep(name, about, figures)
    if keep:
        report.write({name: module.__doc__ or "" for name, module in BENCHMARKS.items()})
    return broken


if __name__ == "__main__":
    sys.exit(main())
