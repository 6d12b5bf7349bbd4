"""How long the ticker's tick takes, with few and many schedules, none of them due and all of them due.

On PostgreSQL and Redis. A due schedule becomes a run, an event and an audit entry, and a message in the broker.
"""

from __future__ import annotations

import json

from benchmarks.figures import Figure, ratios
from benchmarks.plan import Plan
from benchmarks.systems import WITH_WORK, script, servers, system


def measure(plan: Plan) -> list[Figure]:
    """Measure it with ever more schedules."""
    with servers() as on, system(on, "tick", WITH_WORK) as live:
        answer = json.loads(script(live, "ticking", str(plan.rounds), *map(str, plan.schedules)))
    rounds = {count: list(zip(*answer[str(count)], strict=True)) for count in plan.schedules}
    idle = {count: [seconds * 1000 for seconds in values[0]] for count, values in rounds.items()}
    each = {count: [seconds * 1000 / count for seconds in values[1]] for count, values in rounds.items()}
    longest = {count: [seconds * 1000 for seconds in values[2]] for count, values in rounds.items()}
    few, many = plan.schedules[0], plan.schedules[-1]
    return [
        *(Figure(f"{count:,} schedules, none due, a tick", idle[count], "ms", plotted=True) for count in rounds),
        Figure(f"none due, {many:,} schedules / {few:,}", ratios(idle[many], idle[few]), "x", at_most=1.3),
        *(Figure(f"{count:,} schedules, all due, for each", each[count], "ms", plotted=True) for count in rounds),
        Figure(f"all due, for each, {many:,} / {few:,}", ratios(each[many], each[few]), "x", at_most=1.3),
        *(Figure(f"{count:,} schedules, all due, longest tick", longest[count], "ms") for count in rounds),
    ]
