"""The newest runs of each of many tasks, by an index that is entered once a task."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connections

from runbell.models import Run

_TABLE = Run._meta.db_table
_LIST = {"postgresql": "json_agg", "sqlite": "json_group_array"}


def newest_ids(
    task_names: Sequence[str], each: int, *, since: datetime, states: Sequence[str] = ()
) -> Mapping[str, list[int]]:
    """Return the keys of the newest runs of each task; one query, or none.

    Args:
        each: how many of a task at most; with ``states``, of each of these.
        since: none older is given.
        states: only these; all if empty.
    """
    if not task_names:
        return {}
    connection = connections[Run.objects.db]
    since_value = connection.ops.adapt_datetimefield_value(since)
    with connection.cursor() as cursor:
        cursor.execute(_sql(connection.vendor, len(task_names), len(states), each), [*task_names, *states, since_value])
        rows: list[tuple[str, Any]] = cursor.fetchall()
    found: dict[str, list[int]] = defaultdict(list)
    for name, listed in rows:
        found[name] += json.loads(listed) if isinstance(listed, str) else listed or ()
    return found


def _sql(vendor: str, tasks: int, states: int, each: int) -> str:
    of_state = " AND state = states.state" if states else ""
    newest = (
        f"SELECT id FROM {_TABLE} WHERE task_name = tasks.name{of_state} AND requested_at >= %s"  # noqa: S608 (constants)
        f" ORDER BY requested_at DESC, id DESC LIMIT {each:d}"
    )
    values = f"tasks(name) AS (VALUES {_marks(tasks)})" + (
        f", states(state) AS (VALUES {_marks(states)})" if states else ""
    )
    source = "tasks CROSS JOIN states" if states else "tasks"
    return f"WITH {values} SELECT tasks.name, (SELECT {_LIST[vendor]}(id) FROM ({newest}) newest) FROM {source}"  # noqa: S608 (as above)


def _marks(count: int) -> str:
    return ", ".join(["(%s)"] * count)
