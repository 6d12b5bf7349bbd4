"""``python -m tests.soak [SECONDS]``: work and kill for so long, wait for quiet, count, and fail unless all is well."""

from __future__ import annotations

import platform
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.soak.cast import Cast
from tests.soak.count import Verdict, count, unfinished
from tests.soak.demand import Answers, Demand
from tests.support.waiting import wait_until
from tests.support.witness.testimony import words

SECONDS = 600.0
RATE = 20.0
SCHEDULED = 2.0
"""Runs a second that the two schedules make."""
BETWEEN_DEATHS = 5.0
QUIET_WITHIN = 180.0
SHOWN = 20
"""How many of the runs that must not be are shown."""


def main(seconds: float) -> int:
    """Soak for so long; return the exit code."""
    seed = random.randrange(1_000_000)
    say(f"{RATE:g} runs a second for {seconds:g} s, a death every {BETWEEN_DEATHS:g} s, seed {seed}")
    with tempfile.TemporaryDirectory(prefix="runbell-soak-", ignore_cleanup_errors=True) as folder:
        chance = random.Random(seed)
        cast = Cast(Path(folder), chance)
        try:
            cast.start()
            return _soak(cast, chance, seconds)
        finally:
            cast.remove()


def _soak(cast: Cast, chance: random.Random, seconds: float) -> int:
    demand = Demand(cast.system, RATE - SCHEDULED)
    demand.start()
    try:
        deaths = _kill(cast, chance, seconds)
    finally:
        demand.stop()
    _hush(cast)
    verdict = count(cast.system, demand.answers.accepted, words(cast.testimony))
    report(verdict, demand.answers, deaths)
    if not verdict.good:
        say(cast.tails())
    return 0 if verdict.good else 1


def _kill(cast: Cast, chance: random.Random, seconds: float) -> Counter[str]:
    """Let each die in turn, in an order that chance gives; return how often each did."""
    deaths: Counter[str] = Counter()
    end, turn = time.monotonic() + seconds, list[str]()
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(BETWEEN_DEATHS, left))
        turn = turn or chance.sample(sorted(cast.deaths), len(cast.deaths))
        name = turn.pop()
        cast.deaths[name]()
        deaths[name] += 1
    return deaths


def _hush(cast: Cast) -> None:
    """Have the schedules fire no more, and wait until nothing is under way."""
    cast.system.wait_for_web()
    with cast.system.client() as client:
        for task in ("witness_clock", "witness_clock_again"):
            client.put(f"tasks/{task}/pause/", json={"reason": "the soak is over"}).raise_for_status()
    try:
        wait_until(lambda: unfinished(cast.system) == 0, QUIET_WITHIN, "every run has an end")
    except TimeoutError as error:
        say(str(error))


def report(verdict: Verdict, answers: Answers, deaths: Counter[str]) -> None:
    """Print the figures."""
    times = sorted(answers.accepted.values())
    say(f"deaths             {deaths.total()}: " + ", ".join(f"{name} {number}" for name, number in deaths.items()))
    say(f"asked by callers   {len(times) + answers.unanswered}, of these {answers.unanswered} without a 202")
    if times:
        late = sum(1 for each in times if each > 0.5)
        say(f"answered with 202  {len(times)}, p99 {times[int(len(times) * 0.99)] * 1000:.0f} ms, {late} over 500 ms")
    say(f"accepted           {verdict.accepted} (by callers and by schedules)")
    say(f"run once           {verdict.once}")
    say(f"repeated           {verdict.repeated} (declared safe, after their worker died)")
    say(f"run twice          {len(verdict.twice)}")
    say(f"lost with reason   {verdict.lost_with_reason} {dict(verdict.reasons) or ''}")
    say(f"lost without       {len(verdict.lost_without)}")
    say("the numbers add up" if verdict.adds_up else "THE NUMBERS DO NOT ADD UP")
    for wrong in (verdict.twice + verdict.lost_without)[:SHOWN]:
        say(f"  {wrong}")
    say(f"on {platform.machine()}, Python {platform.python_version()}")


def say(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
