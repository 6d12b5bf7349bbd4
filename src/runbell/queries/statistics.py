"""What became of the runs of the last day, by task: counted in an index, never in the table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import connections

from runbell.domain.states import BAD, FINISHED, State
from runbell.models import Run
from runbell.queries.task_rows import Statistics

WINDOW = timedelta(hours=24)
NOTHING = Statistics(0, {}, None)

_STATES = sorted(state.value for state in FINISHED)
_TABLE = Run._meta.db_table
_COUNT = (
    f"SELECT COUNT(*) FROM {_TABLE} WHERE task_name = tasks.name AND state = states.state"  # noqa: S608 (constants)
    " AND requested_at >= %s AND NOT dry_run"
)


def day_statistics(task_names: Sequence[str], now: datetime) -> dict[str, Statistics]:
    """Return the statistics of each task that had runs in the last 24 hours; one query."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for name, state, count in _counts(task_names, now - WINDOW):
        if count:
            counts[name][state] = count
    return {name: _statistics(states) for name, states in counts.items()}


def _counts(task_names: Sequence[str], since: datetime) -> list[tuple[str, str, int]]:
    """Count each state of each task by itself: the index runbell_run_task_state has them side by side."""
    connection = connections[Run.objects.db]
    if not task_names:
        return []
    tasks, states = (", ".join(["(%s)"] * len(values)) for values in (task_names, _STATES))
    sql = (
        f"WITH tasks(name) AS (VALUES {tasks}), states(state) AS (VALUES {states}) "  # noqa: S608 (constants)
        f"SELECT tasks.name, states.state, ({_COUNT}) FROM tasks CROSS JOIN states"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*task_names, *_STATES, connection.ops.adapt_datetimefield_value(since)])
        rows: list[tuple[str, str, int]] = cursor.fetchall()
    return rows


def _statistics(states: Mapping[str, int]) -> Statistics:
    good = states.get(State.SUCCESS.value, 0)
    judged = good + sum(states.get(state.value, 0) for state in BAD)
    return Statistics(sum(states.values()), dict(states), good / judged if judged else None)
